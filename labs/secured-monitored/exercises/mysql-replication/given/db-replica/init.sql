-- Whom it follows is said by the grader, once it runs.
DO 0;
