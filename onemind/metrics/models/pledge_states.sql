-- One row per department and as-of date: the pledge in force, its edition, deadline and stage.
with dates as (
    select unnest($dates) as as_of
),
edition_spans as (
    select
        edition,
        rank,
        starts_on,
        lead(starts_on, 1, 'infinity'::date) over (order by starts_on) as ends_before
    from editions
),
latest as (
    select as_of, department_id, max(pledged_on) as pledged_on
    from pledges
    cross join dates
    where pledged_on <= as_of
    group by as_of, department_id
),
in_force as (
    select
        as_of,
        department_id,
        pledged_on,
        edition,
        (pledged_on + to_months(deadline_months))::date as deadline_on,
        coalesce(completion_confirmed_on <= as_of, false) as confirmed,
        coalesce(completion_claimed_on <= as_of, false) as claimed
    from latest
    join pledges using (department_id, pledged_on)
    cross join spans
    where withdrawn_on is null or withdrawn_on > as_of
),
judged as (
    select
        dates.as_of,
        departments.department_id,
        latest.pledged_on is not null as ever_pledged,
        in_force.pledged_on,
        in_force.deadline_on,
        in_force.confirmed,
        in_force.claimed,
        coalesce(in_force.edition, edition_spans.edition) as edition
    from departments
    cross join dates
    left join latest using (as_of, department_id)
    left join in_force using (as_of, department_id)
    left join edition_spans
        on coalesce(in_force.pledged_on, dates.as_of) >= edition_spans.starts_on
        and coalesce(in_force.pledged_on, dates.as_of) < edition_spans.ends_before
)
select
    judged.as_of,
    judged.department_id,
    judged.edition,
    editions.rank,
    judged.pledged_on,
    judged.deadline_on,
    case
        when not judged.ever_pledged then 'not_pledged'
        when judged.pledged_on is null then 'withdrawn'
        when judged.confirmed then 'completed'
        when judged.claimed then 'awaiting_confirmation'
        when judged.as_of > judged.deadline_on then 'overdue'
        when judged.deadline_on - judged.as_of <= spans.due_soon_days then 'due_soon'
        else 'in_progress'
    end as stage
from judged
cross join spans
left join editions using (edition)
