/** The libraries, which are scripts of their own: their types are not in the repository. */
declare const d3: any;
declare const Plot: any;
