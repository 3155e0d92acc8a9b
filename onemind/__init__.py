"""The One Mind Campaign dashboard: CSVs in, pledges and training on a screen.

The house, lowest floor first; a module imports only from floors below its own.

words       numbers with their nouns, days and spans of time, as people say them
problem     one fault in a file, and every sentence that names a kind of fault
errors      the few ways things go wrong, worded for people
settings    the only reader of the environment
contract    what each CSV holds (contracts/*.toml)
rules       practices, editions, courses (rules/*.toml)
places      states, counties and municipalities we know by name
boundaries  outlines: those that come along, and municipalities that somebody adds
diff        added, changed, removed: computed elsewhere, worded here
filters     one Filter: to SQL, to words, to and from the address
scope       how somebody sees the data: which departments, and what is kept back
store       the only floor that opens DuckDB: versions, publish, restore; narrowed to a scope
state       what changes by the minute: uploads under way, people, sessions, links, activity
access      who may do what, and who a session is at this moment
links       share links: made for a scope, opened without an account, ended when they should
ingest      read, match, check, compare, publish
models      the SQL, one SELECT a file
metrics     each number declared once (models/*.sql, metrics.toml) and counted under filters
headline    what a director would say aloud, and whom to call
preview     what a staged upload, or going back, does to the numbers before it is published
timeline    everything that happened to one department
palette     the colours and marks of every drawing
charts, maps, tables   result in, drawing out
report      the one-page brief as a PDF (report.typ)
exports     CSV that passes check unchanged
watch       a folder: what is dropped there is published, or refused with its problems
templates   empty files to fill in: CSV, or a workbook that explains itself
ui          the only Streamlit floor besides pages/ (ui_cache: drawn once, then replayed)
web         the server around the script: guard, health; it warms what ui keeps
doctor      whether the installation and its store are fit
cli         python -m onemind
"""
