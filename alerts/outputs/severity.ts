// Severity 1 to 100, as rules have it, in the words other systems use. One table, so that all outputs agree.

interface Grade {
  readonly from: number;
  /** Prometheus convention. */
  readonly word: 'critical' | 'warning' | 'info';
  /** Falco's priorities (https://falco.org/docs/concepts/rules/basic-elements/#priority). */
  readonly falco: 'Critical' | 'Error' | 'Warning' | 'Notice' | 'Informational';
  /** RFC 5424 section 6.2.1. */
  readonly syslog: number;
  /** RGB, for chat. */
  readonly colour: string;
}

const GRADES: readonly [Grade, ...Grade[]] = [
  { from: 0, word: 'info', falco: 'Informational', syslog: 6, colour: '#3b82c4' },
  { from: 30, word: 'info', falco: 'Notice', syslog: 5, colour: '#3b82c4' },
  { from: 50, word: 'warning', falco: 'Warning', syslog: 4, colour: '#e0a020' },
  { from: 70, word: 'warning', falco: 'Error', syslog: 3, colour: '#e0701c' },
  { from: 90, word: 'critical', falco: 'Critical', syslog: 2, colour: '#c4292f' },
];

export function gradeOf(severity: number): Grade {
  return GRADES.findLast(({ from }) => severity >= from) ?? GRADES[0];
}
