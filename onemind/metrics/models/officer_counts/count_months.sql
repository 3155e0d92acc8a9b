-- One row per department and month with turns: the officers counted on the month's last day, which
-- are the same at every month's end before `ends_before`.
with added as (
    select
        department_id,
        if(isfinite(day), last_day(day), day) as month,
        sum(mhfa)::integer as mhfa,
        sum(cit)::integer as cit,
        sum(either)::integer as either,
        sum(expiring)::integer as expiring,
        sum(lapsed)::integer as lapsed,
        sum(newly)::integer as newly,
        sum(active)::integer as active
    from count_turns
    group by department_id, month
)
select
    department_id,
    month,
    lead(month, 1, 'infinity'::date) over department as ends_before,
    (sum(mhfa) over department)::integer as mhfa,
    (sum(cit) over department)::integer as cit,
    (sum(either) over department)::integer as either,
    (sum(expiring) over department)::integer as expiring,
    (sum(lapsed) over department)::integer as lapsed,
    (sum(newly) over department)::integer as newly,
    (sum(active) over department)::integer as active
from added
window department as (
    partition by department_id
    order by month
    rows between unbounded preceding and current row
)
