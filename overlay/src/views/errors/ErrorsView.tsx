export function ErrorsView() { return <div class="p-16">ErrorsView</div> }
