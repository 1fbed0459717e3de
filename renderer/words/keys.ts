/** Every key of the window, as the dialog behind «?» lists them. */
export interface KeyGroup {
  title: string;
  keys: { keys: string[]; does: string }[];
}

export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: ['1', '…', '6'], does: 'Go to a place of the document' },
      { keys: ['Ctrl Z'], does: 'Undo the last deletion or reset' },
      { keys: ['/'], does: 'Search the runs' },
      { keys: ['F2'], does: 'Rename the run that has the focus' },
      { keys: ['Delete'], does: 'Delete the run that has the focus' },
      { keys: ['?'], does: 'Show these keys' },
    ],
  },
  {
    title: 'Recording',
    keys: [
      { keys: ['↑', '↓'], does: 'Previous, next sweep' },
      { keys: ['Space'], does: 'Include the sweep in the fit, or not' },
      { keys: ['C'], does: 'Two cursors, with Δt and ΔV; Left and Right move the focused one' },
      { keys: ['B'], does: 'Scale bars in place of axes' },
    ],
  },
  {
    title: 'Posterior',
    keys: [
      { keys: [',', '.'], does: 'Previous, next round' },
      { keys: ['P'], does: 'Play the rounds, or stop' },
      { keys: ['O'], does: 'Outline the round before, or not' },
      { keys: ['Z'], does: 'Zoom to the posterior, or show the prior’s range' },
      { keys: ['Esc'], does: 'Show all panels again' },
    ],
  },
  {
    title: 'Traces, when they have the focus',
    keys: [
      { keys: ['+', '−'], does: 'Zoom time' },
      { keys: ['←', '→'], does: 'Move in time' },
      { keys: ['0'], does: 'Show all' },
    ],
  },
  {
    title: 'Traces, with the pointer',
    keys: [
      { keys: ['Drag'], does: 'Zoom into a box' },
      { keys: ['Wheel'], does: 'Zoom time at the pointer' },
      { keys: ['Shift', 'Wheel'], does: 'Zoom voltage or current' },
      { keys: ['Shift', 'Drag'], does: 'Move the traces; also with the middle button' },
      { keys: ['Double click'], does: 'Show all' },
    ],
  },
];
