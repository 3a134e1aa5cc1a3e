export function TracesView() { return <div class="p-16">TracesView</div> }
