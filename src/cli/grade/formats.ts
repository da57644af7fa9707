import { inputError } from '../../errors.ts';
import { didYouMean } from '../../lab/nearest-name.ts';
import { gradeReporters, type GradeFormat } from '../../report/grade/reporters.ts';

const known = Object.keys(gradeReporters);

/** One format of a grade's report. @throws UserError REPORTER_UNKNOWN */
export function gradeFormat(text: string): GradeFormat {
  const name = text.trim();
  if (Object.hasOwn(gradeReporters, name)) return name as GradeFormat;
  throw inputError('REPORTER_UNKNOWN', {
    message: `there is no reporter "${name}"`,
    expected: known.join(', '),
    ...didYouMean(name, known),
  });
}

/** Several, with commas between them; each once. @throws UserError REPORTER_UNKNOWN */
export function gradeFormats(text: string): GradeFormat[] {
  return [...new Set(text.split(',').map(gradeFormat))];
}
