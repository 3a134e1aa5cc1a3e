var e=new Set(`BEGIN.END.__ENCODING__.__FILE__.__LINE__.alias.and.begin.break.case.class.def.defined.do.else.elsif.end.ensure.false.for.if.in.module.next.nil.not.or.redo.rescue.retry.return.self.super.then.true.undef.unless.until.when.while.yield`.split(`.`));function t(e,t){return e>0&&t[e-1]!==`
`?!1:/^=begin(?:\s|$)/.test(t.slice(e))}function n(e,n,r,i){return e===`#`?1:e===`=`&&t(r,i)?2:0}function r(e,t,n,r){if(t!==`
`)return 0;let i=r.lastIndexOf(`
`,n-1)+1,a=r.slice(i,n);return/^=end(?:\s|$)/.test(a)?2:1}export{e as keywords,r as onCommentEnd,n as onCommentStart};