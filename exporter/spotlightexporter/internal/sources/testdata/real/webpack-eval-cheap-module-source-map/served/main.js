/*
 * ATTENTION: An "eval-source-map" devtool has been used.
 * This devtool is neither made for production nor for readable output files.
 * It uses "eval()" calls to create a separate source file with attached SourceMaps in the browser devtools.
 * If you are trying to read the output file, select a different devtool (https://webpack.js.org/configuration/devtool/)
 * or disable the default devtool with "devtool: false".
 * If you are looking for production-ready output files, see mode: "production" (https://webpack.js.org/configuration/mode/).
 */
/******/ (() => { // webpackBootstrap
/******/ 	"use strict";
/******/ 	var __webpack_modules__ = ({

/***/ "./src/cart.ts"
/*!*********************!*\
  !*** ./src/cart.ts ***!
  \*********************/
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {

eval("{__webpack_require__.r(__webpack_exports__);\n/* harmony export */ __webpack_require__.d(__webpack_exports__, {\n/* harmony export */   total: () => (/* binding */ total)\n/* harmony export */ });\nfunction total(lines) {\n  return lines.reduce((sum, line) => sum + priceOf(line), 0);\n}\nfunction priceOf(line) {\n  if (line.product === void 0) throw new TypeError(`no product for ${line.sku}`);\n  return line.count * line.product.price;\n}\n//# sourceURL=[module]\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoiLi9zcmMvY2FydC50cyIsIm1hcHBpbmdzIjoiOzs7O0FBT0E7QUFDQTtBQUNBO0FBRUE7QUFDQTtBQUNBO0FBQ0EiLCJzb3VyY2VzIjpbIndlYnBhY2s6Ly9zaG9wLy4vc3JjL2NhcnQudHM/YzUyMiJdLCJzb3VyY2VzQ29udGVudCI6WyJpbnRlcmZhY2UgTGluZSB7XG4gIHNrdTogc3RyaW5nXG4gIGNvdW50OiBudW1iZXJcbiAgcHJvZHVjdD86IHsgbmFtZTogc3RyaW5nOyBwcmljZTogbnVtYmVyIH1cbn1cblxuLyoqIEFkZHMgdXAgYSBjYXJ0LiAqL1xuZXhwb3J0IGZ1bmN0aW9uIHRvdGFsKGxpbmVzOiBMaW5lW10pOiBudW1iZXIge1xuICByZXR1cm4gbGluZXMucmVkdWNlKChzdW0sIGxpbmUpID0+IHN1bSArIHByaWNlT2YobGluZSksIDApXG59XG5cbmZ1bmN0aW9uIHByaWNlT2YobGluZTogTGluZSk6IG51bWJlciB7XG4gIGlmIChsaW5lLnByb2R1Y3QgPT09IHVuZGVmaW5lZCkgdGhyb3cgbmV3IFR5cGVFcnJvcihgbm8gcHJvZHVjdCBmb3IgJHtsaW5lLnNrdX1gKSAvLyB0aHJvd3NcbiAgcmV0dXJuIGxpbmUuY291bnQgKiBsaW5lLnByb2R1Y3QucHJpY2Vcbn1cbiJdLCJuYW1lcyI6W10sInNvdXJjZVJvb3QiOiIifQ==\n//# sourceURL=webpack-internal:///./src/cart.ts\n\n}");

/***/ },

/***/ "./src/main.ts"
/*!*********************!*\
  !*** ./src/main.ts ***!
  \*********************/
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {

eval("{__webpack_require__.r(__webpack_exports__);\n/* harmony export */ __webpack_require__.d(__webpack_exports__, {\n/* harmony export */   Checkout: () => (/* binding */ Checkout)\n/* harmony export */ });\n/* harmony import */ var _cart__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(/*! ./cart */ \"./src/cart.ts\");\n\nclass Checkout {\n  constructor(who) {\n    this.who = who;\n  }\n  who;\n  place() {\n    return `${this.who}: ${(0,_cart__WEBPACK_IMPORTED_MODULE_0__.total)([{ sku: \"gone\", count: 1 }])}`;\n  }\n}\n;\nglobalThis.place = () => new Checkout(\"Ada\").place();\n//# sourceURL=[module]\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoiLi9zcmMvbWFpbi50cyIsIm1hcHBpbmdzIjoiOzs7OztBQUFBO0FBRUE7QUFBQTtBQUNBO0FBQUE7QUFBQTtBQUFBO0FBR0E7QUFBQTtBQUVBO0FBRUE7QUFBQSIsInNvdXJjZXMiOlsid2VicGFjazovL3Nob3AvLi9zcmMvbWFpbi50cz9jZDQ5Il0sInNvdXJjZXNDb250ZW50IjpbImltcG9ydCB7IHRvdGFsIH0gZnJvbSAnLi9jYXJ0J1xuXG5leHBvcnQgY2xhc3MgQ2hlY2tvdXQge1xuICBjb25zdHJ1Y3Rvcihwcml2YXRlIHJlYWRvbmx5IHdobzogc3RyaW5nKSB7fVxuXG4gIHBsYWNlKCk6IHN0cmluZyB7XG4gICAgcmV0dXJuIGAke3RoaXMud2hvfTogJHt0b3RhbChbeyBza3U6ICdnb25lJywgY291bnQ6IDEgfV0pfWAgLy8gY2FsbHNcbiAgfVxufVxuXG47KGdsb2JhbFRoaXMgYXMgYW55KS5wbGFjZSA9ICgpID0+IG5ldyBDaGVja291dCgnQWRhJykucGxhY2UoKVxuIl0sIm5hbWVzIjpbXSwic291cmNlUm9vdCI6IiJ9\n//# sourceURL=webpack-internal:///./src/main.ts\n\n}");

/***/ }

/******/ 	});
/************************************************************************/
/******/ 	// The module cache
/******/ 	const __webpack_module_cache__ = {};
/******/ 	
/******/ 	// The require function
/******/ 	function __webpack_require__(moduleId) {
/******/ 		// Check if module is in cache
/******/ 		const cachedModule = __webpack_module_cache__[moduleId];
/******/ 		if (cachedModule !== undefined) {
/******/ 			return cachedModule.exports;
/******/ 		}
/******/ 		// Create a new module (and put it into the cache)
/******/ 		const module = __webpack_module_cache__[moduleId] = {
/******/ 			// no module.id needed
/******/ 			// no module.loaded needed
/******/ 			exports: {}
/******/ 		};
/******/ 	
/******/ 		// Execute the module function
/******/ 		if (!(moduleId in __webpack_modules__)) {
/******/ 			delete __webpack_module_cache__[moduleId];
/******/ 			const e = new Error("Cannot find module '" + moduleId + "'");
/******/ 			e.code = 'MODULE_NOT_FOUND';
/******/ 			throw e;
/******/ 		}
/******/ 		__webpack_modules__[moduleId](module, module.exports, __webpack_require__);
/******/ 	
/******/ 		// Return the exports of the module
/******/ 		return module.exports;
/******/ 	}
/******/ 	
/************************************************************************/
/******/ 	/* webpack/runtime/define property getters */
/******/ 	// define getter/value functions for harmony exports
/******/ 	__webpack_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__webpack_require__.o(definition, key) && !__webpack_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ 	
/******/ 	/* webpack/runtime/hasOwnProperty shorthand */
/******/ 	__webpack_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop));
/******/ 	
/******/ 	/* webpack/runtime/make namespace object */
/******/ 	// define __esModule on exports
/******/ 	__webpack_require__.r = (exports) => {
/******/ 		Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ 	
/************************************************************************/
/******/ 	
/******/ 	// startup
/******/ 	// Load entry module and return exports
/******/ 	// This entry module can't be inlined because the eval-source-map devtool is used.
/******/ 	let __webpack_exports__ = __webpack_require__("./src/main.ts");
/******/ 	
/******/ })()
;