{#- The grain a KPI mart declares: no two rows with the same key. -#}
{% test kpi_grain(model, cle) %}
select {{ cle | join(', ') }}
from {{ model }}
group by {{ cle | join(', ') }}
having count(*) > 1
{% endtest %}
