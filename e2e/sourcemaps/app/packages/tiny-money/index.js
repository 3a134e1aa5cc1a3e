// A package that calls back into the app, so that its frames lie between those of the app.
export function sum(items, priceOf) {
  let cents = 0
  for (const item of items) cents += Math.round(priceOf(item) * 100)
  return cents / 100
}
