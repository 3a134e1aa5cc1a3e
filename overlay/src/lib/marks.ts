/** How a service is told from others. */
export interface ServiceMark {
  /** 1 to 8: --osp-s1 to --osp-s8. */
  colour: number
  /** Its colour is also another service's. */
  hatch: boolean
}
