(() => {
"use strict";
var __webpack_modules__ = ({
"./src/cart.ts"(__unused_rspack_module, __webpack_exports__, __webpack_require__) {
eval("{__webpack_require__.r(__webpack_exports__);\n__webpack_require__.d(__webpack_exports__, {\n  total: () => (total)\n});\nfunction total(lines) {\n  return lines.reduce((sum, line) => sum + priceOf(line), 0);\n}\nfunction priceOf(line) {\n  if (line.product === void 0) throw new TypeError(`no product for ${line.sku}`);\n  return line.count * line.product.price;\n}\n\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoiLi9zcmMvY2FydC50cyIsInNvdXJjZXMiOlsid2VicGFjazovL3Nob3AvLi9zcmMvY2FydC50cz9kODM3Il0sInNvdXJjZXNDb250ZW50IjpbImludGVyZmFjZSBMaW5lIHtcbiAgc2t1OiBzdHJpbmdcbiAgY291bnQ6IG51bWJlclxuICBwcm9kdWN0PzogeyBuYW1lOiBzdHJpbmc7IHByaWNlOiBudW1iZXIgfVxufVxuXG4vKiogQWRkcyB1cCBhIGNhcnQuICovXG5leHBvcnQgZnVuY3Rpb24gdG90YWwobGluZXM6IExpbmVbXSk6IG51bWJlciB7XG4gIHJldHVybiBsaW5lcy5yZWR1Y2UoKHN1bSwgbGluZSkgPT4gc3VtICsgcHJpY2VPZihsaW5lKSwgMClcbn1cblxuZnVuY3Rpb24gcHJpY2VPZihsaW5lOiBMaW5lKTogbnVtYmVyIHtcbiAgaWYgKGxpbmUucHJvZHVjdCA9PT0gdW5kZWZpbmVkKSB0aHJvdyBuZXcgVHlwZUVycm9yKGBubyBwcm9kdWN0IGZvciAke2xpbmUuc2t1fWApIC8vIHRocm93c1xuICByZXR1cm4gbGluZS5jb3VudCAqIGxpbmUucHJvZHVjdC5wcmljZVxufVxuIl0sIm5hbWVzIjpbXSwibWFwcGluZ3MiOiI7Ozs7QUFPTyxTQUFTLE1BQU0sT0FBdUI7QUFDM0MsU0FBTyxNQUFNLE9BQU8sQ0FBQyxLQUFLLFNBQVMsTUFBTSxRQUFRLElBQUksR0FBRyxDQUFDO0FBQzNEO0FBRUEsU0FBUyxRQUFRLE1BQW9CO0FBQ25DLE1BQUksS0FBSyxZQUFZLE9BQVcsT0FBTSxJQUFJLFVBQVUsa0JBQWtCLEtBQUssR0FBRyxFQUFFO0FBQ2hGLFNBQU8sS0FBSyxRQUFRLEtBQUssUUFBUTtBQUNuQyJ9\n//# sourceURL=webpack-internal:///./src/cart.ts\n\n}");

},
"./src/main.ts"(__unused_rspack_module, __webpack_exports__, __webpack_require__) {
eval("{__webpack_require__.r(__webpack_exports__);\n__webpack_require__.d(__webpack_exports__, {\n  Checkout: () => (Checkout)\n});\n/* import */ var _cart__rspack_import_0 = __webpack_require__(\"./src/cart.ts\");\n\nclass Checkout {\n  constructor(who) {\n    this.who = who;\n  }\n  who;\n  place() {\n    return `${this.who}: ${(0,_cart__rspack_import_0.total)([{ sku: \"gone\", count: 1 }])}`;\n  }\n}\n;\nglobalThis.place = () => new Checkout(\"Ada\").place();\n\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoiLi9zcmMvbWFpbi50cyIsInNvdXJjZXMiOlsid2VicGFjazovL3Nob3AvLi9zcmMvbWFpbi50cz81ZTYwIl0sInNvdXJjZXNDb250ZW50IjpbImltcG9ydCB7IHRvdGFsIH0gZnJvbSAnLi9jYXJ0J1xuXG5leHBvcnQgY2xhc3MgQ2hlY2tvdXQge1xuICBjb25zdHJ1Y3Rvcihwcml2YXRlIHJlYWRvbmx5IHdobzogc3RyaW5nKSB7fVxuXG4gIHBsYWNlKCk6IHN0cmluZyB7XG4gICAgcmV0dXJuIGAke3RoaXMud2hvfTogJHt0b3RhbChbeyBza3U6ICdnb25lJywgY291bnQ6IDEgfV0pfWAgLy8gY2FsbHNcbiAgfVxufVxuXG47KGdsb2JhbFRoaXMgYXMgYW55KS5wbGFjZSA9ICgpID0+IG5ldyBDaGVja291dCgnQWRhJykucGxhY2UoKVxuIl0sIm5hbWVzIjpbXSwibWFwcGluZ3MiOiI7Ozs7O0FBQXNCO0FBRWYsTUFBTSxTQUFTO0FBQUEsRUFDcEIsWUFBNkIsS0FBYTtBQUFiO0FBQUEsRUFBYztBQUFBLEVBQWQ7QUFBQSxFQUU3QixRQUFnQjtBQUNkLFdBQU8sR0FBRyxLQUFLLEdBQUcsS0FBSyxnQ0FBSyxDQUFDLENBQUMsRUFBRSxLQUFLLFFBQVEsT0FBTyxFQUFFLENBQUMsQ0FBQyxDQUFDO0FBQUEsRUFDM0Q7QUFDRjtBQUVBO0FBQUUsV0FBbUIsUUFBUSxNQUFNLElBQUksU0FBUyxLQUFLLEVBQUUsTUFBTSJ9\n//# sourceURL=webpack-internal:///./src/main.ts\n\n}");

},

});
// The module cache
var __webpack_module_cache__ = {};

// The require function
function __webpack_require__(moduleId) {

// Check if module is in cache
var cachedModule = __webpack_module_cache__[moduleId];
if (cachedModule !== undefined) {
return cachedModule.exports;
}
// Create a new module (and put it into the cache)
var module = (__webpack_module_cache__[moduleId] = {
exports: {}
});
// Execute the module function
__webpack_modules__[moduleId](module, module.exports, __webpack_require__);

// Return the exports of the module
return module.exports;

}

// webpack/runtime/define_property_getters
(() => {
__webpack_require__.d = (exports, getters, values) => {
	var define = (defs, kind) => {
		for(var key in defs) {
			if(__webpack_require__.o(defs, key) && !__webpack_require__.o(exports, key)) {
				Object.defineProperty(exports, key, { enumerable: true, [kind]: defs[key] });
			}
		}
	};
	define(getters, "get");
	define(values, "value");
};
})();
// webpack/runtime/has_own_property
(() => {
__webpack_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
})();
// webpack/runtime/make_namespace_object
(() => {
// define __esModule on exports
__webpack_require__.r = (exports) => {
	if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
		Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
	}
	Object.defineProperty(exports, '__esModule', { value: true });
};
})();
// startup
// Load entry module and return exports
// This entry module can't be inlined because the eval-source-map devtool is used.
var __webpack_exports__ = __webpack_require__("./src/main.ts");
})()
;