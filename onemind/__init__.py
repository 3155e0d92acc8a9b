"""The One Mind Campaign dashboard: CSVs in, pledges and training on a screen.

The packages, lowest first. Each imports only from those above it in this list, and from outside
only what its `__init__` names.

words       numbers with their nouns, days, shares and spans of time, as people say them
errors      the few ways things go wrong, worded for people
settings    the only reader of the environment
files       originals, waiting uploads, added outlines: in a folder or a bucket
telemetry   what this process says of itself: numbers, lines of the log, spans
geography   places by name and their outlines
campaign    datasets (contracts/*.toml), rules (rule_files/*.toml), labels, a Filter, a Scope
store       the only package that opens DuckDB: every publish a version, narrowed to a scope
appdb       what changes by the minute: uploads under way, people, sessions, links, activity
mail        messages made, sent and noted, each to one recipient
access      who somebody is, what they may do, which pages there are, share links
runtime     what this process holds open: the store, the small database, today's date
metrics     numbers: declared (metrics.toml), modeled (models/*.sql), counted under filters
ingest      a file becomes a checked table: reading, then matching, then staging
publishing  a draft, its difference, its effect on the numbers, one version; a watched folder
narrative   what a director would say aloud, and whom to call
drawing     rows in, figure or table out: charts, maps, tables, palette
documents   the one-page brief as a PDF (brief.typ), letters, templates to fill in
site        the public site as files: pages of what a scope may see, for any web host
digest      what changed since the last one: a weekly mail to whoever wants it
webhooks    other programs are told what changed: Slack, Teams, any that takes JSON
migration   a campaign with all its versions into another place, and the proof
backup      one file of all that a store holds: made, restored, compared
doctor      whether the installation and its store are fit
ui          the only Streamlit package besides pages/ and server
server      the server around the script: guard, sign-in, share links, events
replicas    several processes of the dashboard behind one address
cli         python -m onemind
"""

__version__ = "0.9.0"  # what a reader notices of each is in CHANGELOG.md
