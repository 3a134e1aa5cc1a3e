export function ProfilesView() { return <div>Profiles</div> }
export function ReplaysView() { return <div>Replays</div> }
export function AttachmentsView() { return <div>Attachments</div> }
