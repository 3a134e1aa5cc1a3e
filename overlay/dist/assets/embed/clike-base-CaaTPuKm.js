var e=(e,t)=>{let n=e+t;return n===`//`?1:n===`/*`?2:0},t=(e,t)=>t===`
`?1:e+t===`*/`?2:0;export{e as n,t};