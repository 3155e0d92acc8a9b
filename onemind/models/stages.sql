-- One row a department and as-of date: its pledge and stage alone, without the cost of its training.
select
    states.as_of,
    states.department_id,
    departments.type,
    departments.county,
    departments.state,
    states.edition,
    states.pledged_on,
    states.deadline_on,
    states.stage
from pledge_states states
join departments using (department_id)
