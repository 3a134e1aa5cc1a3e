export function LogsView() { return <div class="p-16">LogsView</div> }
