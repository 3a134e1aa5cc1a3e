export function SdksView() { return <div class="p-16">SdksView</div> }
