export function SettingsView() { return <div class="p-16">SettingsView</div> }
