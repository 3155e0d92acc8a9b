-- One row per counted officer and span of days: the last valid day of each practice's certificates,
-- the day MHFA starts to count as expiring, and the day it stops counting as new. With a roster,
-- active sworn officers on it count; without one, everybody not recorded as non-sworn.
with counting as (
    select
        certificates.department_id,
        certificates.officer_id,
        certificates.practice,
        certificates.completed_on,
        certificates.valid_until,
        rank_spans.starts_on as judged_from,
        rank_spans.ends_before as judged_before,
        roster_spans.starts_on as there_from,
        roster_spans.ends_before as there_before
    from certificates
    join rank_spans
        on rank_spans.department_id = certificates.department_id
        and rank_spans.rank >= certificates.from_rank
        and rank_spans.ends_before > certificates.completed_on
    left join rostered on rostered.department_id = certificates.department_id
    left join roster_spans
        on roster_spans.department_id = certificates.department_id
        and roster_spans.officer_id = certificates.officer_id
    where
        if(
            rostered.department_id is not null,
            roster_spans.officer_id is not null,
            coalesce(certificates.sworn, true)
        )
),
running as (
    select
        department_id,
        officer_id,
        greatest(completed_on, judged_from, there_from) as starts_on,
        least(
            lead(completed_on, 1, 'infinity'::date) over officer, judged_before, there_before
        ) as ends_before,
        min(if(practice = 'mhfa', completed_on, null)) over officer as first_mhfa_on,
        max(if(practice = 'mhfa', valid_until, null)) over officer as mhfa_until,
        max(if(practice = 'cit', valid_until, null)) over officer as cit_until
    from counting
    window officer as (
        partition by department_id, officer_id, judged_from
        order by completed_on
        rows between unbounded preceding and current row
    )
)
select
    running.department_id,
    running.officer_id,
    running.starts_on,
    running.ends_before,
    running.first_mhfa_on,
    running.mhfa_until,
    running.cit_until,
    if(isfinite(running.mhfa_until), running.mhfa_until - spans.expiring_days, null)
        as expiring_from,
    running.first_mhfa_on + spans.pace_days as new_before
from running
cross join spans
where running.starts_on < running.ends_before
