export function MetricsView() { return <div class="p-16">MetricsView</div> }
