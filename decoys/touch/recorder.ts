export interface Recorder {
  /** Records a touch. Never throws, whatever the touch holds. */
  touch(touch: import('./touch.ts').Touch): void;
}
