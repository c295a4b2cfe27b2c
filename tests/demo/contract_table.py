"""Which request on the embedded AWX stands for which recording.

A line is: recording, who asks, method, path (below /api/v2 unless it starts with a slash), body.
Words in braces are ids that the stage provides.
"""

from __future__ import annotations

TABLE = """
ad_hoc_detail | admin | GET | ad_hoc_commands/{adhoc}/
ad_hoc_detail_failed | admin | GET | ad_hoc_commands/{adhoc_failed}/
ad_hoc_events | admin | GET | ad_hoc_commands/{adhoc}/events/
ad_hoc_no_credential_400 | admin | POST | ad_hoc_commands/ | {"inventory": 2, "module_name": "ping"}
ad_hoc_post_ping | admin | POST | inventories/2/ad_hoc_commands/ | {"module_name": "ping", "credential": 3, "limit": "web01"}
ad_hoc_post_shell_nokey | admin | POST | ad_hoc_commands/ | {"inventory": 2, "module_name": "shell", "module_args": "id", "credential": 4}
ad_hoc_relaunch_get | admin | GET | ad_hoc_commands/{adhoc}/relaunch/
ad_hoc_shell_no_args_400 | admin | POST | ad_hoc_commands/ | {"inventory": 2, "module_name": "shell", "module_args": "", "credential": 3}
ad_hoc_stdout | admin | GET | ad_hoc_commands/{adhoc}/stdout/?format=txt
api_root | none | GET | /api/
api_v1_404 | admin | GET | /api/v1/
api_v2_root | admin | GET | /api/v2/
api_v2_root_anonymous | none | GET | /api/v2/
askpassword_relaunch_get | admin | GET | jobs/{ask}/relaunch/
askpassword_relaunch_post_400 | admin | POST | jobs/{ask}/relaunch/ | {}
authtoken_old_endpoint_404 | none | POST | authtoken/ | {"username": "admin", "password": "x"}
bearer_wrong_scheme_token | wrong scheme | GET | me/
config | admin | GET | config/
config_as_operator | operator | GET | config/
credential_404 | admin | GET | credentials/99999/
credential_as_operator_403 | operator | GET | credentials/3/
credential_ask | admin | GET | credentials/5/
credential_type_scm | admin | GET | credential_types/2/
credential_vault_ask | admin | GET | credentials/7/
credential_with_key | admin | GET | credentials/3/
credential_without_key | admin | GET | credentials/4/
credentials_list_by_kind | admin | GET | credentials/?credential_type__kind=ssh&order_by=name
credentials_list_by_kind_namespace | admin | GET | credentials/?credential_type__namespace=scm
duplicate_name_400 | admin | POST | organizations/ | {"name": "Default"}
execution_environments | admin | GET | execution_environments/
filter_bad_lookup_400 | admin | GET | hosts/?name__nosuch=1
filter_bad_value_400 | admin | GET | hosts/?id=abc
filter_unknown_field_400 | admin | GET | inventories/3/hosts/?nosuch=1
flaky_relaunch | admin | POST | jobs/{flaky}/relaunch/ | {}
flaky_relaunched_detail | admin | GET | jobs/{flaky_again}/
form_encoded_to_json_api_415 | admin | FORM | organizations/ | name=x
group_hosts | admin | GET | groups/1/hosts/
groups_list | admin | GET | inventories/2/groups/
head_me | admin | HEAD | me/
host_404 | admin | GET | hosts/99999999/
host_detail | admin | GET | hosts/2/
host_detail_disabled | admin | GET | hosts/22/
hosts_by_name_across_inventories | admin | GET | hosts/?name=web01
hosts_list | admin | GET | hosts/?inventory=2
hosts_page_size_200_token | admin | GET | inventories/3/hosts/?page_size=200&order_by=name
instance_groups | admin | GET | instance_groups/
inventories_list | admin | GET | inventories/
inventory_404 | admin | GET | inventories/99999/
inventory_ad_hoc_get | admin | GET | inventories/2/ad_hoc_commands/?page_size=1
inventory_bad_id_404 | admin | GET | inventories/abc/
inventory_detail_unreachable | admin | GET | inventories/5/
inventory_hosts_bad_page_404 | admin | GET | inventories/3/hosts/?page_size=200&page=26
inventory_hosts_big_last_page | admin | GET | inventories/3/hosts/?page_size=200&page=25
inventory_hosts_big_page_size_200 | admin | GET | inventories/3/hosts/?page_size=200&order_by=name
inventory_hosts_big_page_size_5000 | admin | GET | inventories/3/hosts/?page_size=5000
inventory_hosts_count_disabled | admin | GET | inventories/3/hosts/?count_disabled=true&page_size=2
inventory_hosts_filter_enabled | admin | GET | inventories/6/hosts/?enabled=false
inventory_hosts_page1 | admin | GET | inventories/2/hosts/
inventory_hosts_page_last_word | admin | GET | inventories/3/hosts/?page=last&page_size=10
inventory_hosts_page_size_text | admin | GET | inventories/2/hosts/?page_size=abc
inventory_hosts_page_size_zero | admin | GET | inventories/2/hosts/?page_size=0
inventory_hosts_page_text_404 | admin | GET | inventories/3/hosts/?page=abc
inventory_hosts_page_zero_404 | admin | GET | inventories/3/hosts/?page=0
inventory_hosts_search | admin | GET | inventories/3/hosts/?search=node0042&page_size=5
job_404 | admin | GET | jobs/99999999/
job_cancel_404 | admin | POST | jobs/99999999/cancel/ | {}
job_cancel_as_operator_403 | operator | POST | jobs/{running}/cancel/ | {}
job_cancel_get_finished | admin | GET | jobs/{done}/cancel/
job_cancel_get_pending | admin | GET | jobs/{blocked}/cancel/
job_cancel_get_running | admin | GET | jobs/{running}/cancel/
job_cancel_post_finished_405 | admin | POST | jobs/{done}/cancel/ | {}
job_cancel_post_pending | admin | POST | jobs/{spare_pending}/cancel/ | {}
job_cancel_post_running | admin | POST | jobs/{spare_running}/cancel/ | {}
job_credentials | admin | GET | jobs/{done}/credentials/
job_delete_finished | admin | DELETE | jobs/{spare_done}/
job_delete_running_403 | admin | DELETE | jobs/{running}/
job_detail_as_operator_of_admin_job | operator | GET | jobs/{done}/
job_detail_askpassword | admin | GET | jobs/{ask}/
job_detail_canceled | admin | GET | jobs/{canceled}/
job_detail_canceled_from_pending | admin | GET | jobs/{canceled_pending}/
job_detail_error | admin | GET | jobs/{error}/
job_detail_failed | admin | GET | jobs/{failed}/
job_detail_forbidden_as_operator | operator | GET | jobs/{survey}/
job_detail_history_row | admin | GET | jobs/{past}/
job_detail_ignored | admin | GET | jobs/{done}/
job_detail_just_launched | admin | GET | jobs/{running}/
job_detail_pending | admin | GET | jobs/{pending}/
job_detail_pending_blocked | admin | GET | jobs/{blocked}/
job_detail_pending_blocked_50s | admin | GET | jobs/{blocked50}/
job_detail_playbook_missing | admin | GET | jobs/{missing_playbook}/
job_detail_prompts | admin | GET | jobs/{prompts}/
job_detail_relaunched_failed_hosts | admin | GET | jobs/{relaunched_failed}/
job_detail_right_after_cancel | admin | GET | jobs/{cancelling}/
job_detail_right_after_cancel_pending | admin | GET | jobs/{canceled_pending}/
job_detail_right_at_finish | admin | GET | jobs/{just_done}/
job_detail_successful | admin | GET | jobs/{done}/
job_detail_survey | admin | GET | jobs/{survey}/
job_detail_unreachable | admin | GET | jobs/{unreachable}/
job_detail_update_on_launch | admin | GET | jobs/{update_on_launch}/
job_detail_waiting | admin | GET | jobs/{waiting}/
job_event_detail | admin | GET | job_events/{event}/
job_events_bigout | admin | GET | jobs/{big}/job_events/?page_size=3
job_events_bigout_no_truncate | admin | GET | jobs/{big}/job_events/?page_size=4&no_truncate=1&order_by=counter&counter__gt=3
job_events_event_in | admin | GET | jobs/{failed}/job_events/?event__in=playbook_on_play_start,playbook_on_task_start
job_events_failed | admin | GET | jobs/{failed}/job_events/?failed=true&order_by=counter
job_events_global_list | admin | GET | job_events/
job_events_host | admin | GET | jobs/{failed}/job_events/?host_name=web02
job_events_old_name_404 | admin | GET | jobs/{failed}/events/
job_events_page1 | admin | GET | jobs/{failed}/job_events/?page=1
job_events_page_size_200 | admin | GET | jobs/{failed}/job_events/?page_size=200&order_by=counter
job_events_right_at_finish | admin | GET | jobs/{just_done}/job_events/
job_events_runner_on_failed | admin | GET | jobs/{failed}/job_events/?event=runner_on_failed
job_events_running | admin | GET | jobs/{running}/job_events/?page_size=3&order_by=-counter
job_events_since_counter | admin | GET | jobs/{failed}/job_events/?counter__gt=8&order_by=counter&page_size=200
job_events_stats | admin | GET | jobs/{failed}/job_events/?event=playbook_on_stats
job_events_stdout_search | admin | GET | jobs/{failed}/job_events/?search=nginx
job_host_summaries | admin | GET | jobs/{failed}/job_host_summaries/
job_host_summaries_canceled | admin | GET | jobs/{canceled}/job_host_summaries/
job_host_summaries_failed | admin | GET | jobs/{failed}/job_host_summaries/?failed=true
job_host_summaries_unreachable | admin | GET | jobs/{unreachable}/job_host_summaries/
job_relaunch_as_operator_forbidden | operator | POST | jobs/{failed}/relaunch/ | {}
job_relaunch_failed_hosts_of_success_400 | admin | POST | jobs/{done}/relaunch/ | {"hosts": "failed"}
job_relaunch_failed_hosts_right_at_finish | admin | POST | jobs/{just_failed}/relaunch/ | {"hosts": "failed"}
job_relaunch_get_failed | admin | GET | jobs/{failed}/relaunch/
job_relaunch_post | admin | POST | jobs/{done}/relaunch/ | {}
job_relaunch_post_bad_hosts_400 | admin | POST | jobs/{failed}/relaunch/ | {"hosts": "nonsense"}
job_relaunch_post_failed_hosts | admin | POST | jobs/{failed}/relaunch/ | {"hosts": "failed"}
job_stdout_404 | admin | GET | jobs/99999999/stdout/?format=txt
job_stdout_accept_json | admin json | GET | jobs/{failed}/stdout/
job_stdout_ansi | admin | GET | jobs/{failed}/stdout/?format=ansi
job_stdout_ansi_download | admin | GET | jobs/{failed}/stdout/?format=ansi_download
job_stdout_bad_format_404 | admin | GET | jobs/{failed}/stdout/?format=nosuch
job_stdout_before_output_json | admin | GET | jobs/{pending}/stdout/?format=json
job_stdout_before_output_txt | admin | GET | jobs/{pending}/stdout/?format=txt
job_stdout_canceled | admin | GET | jobs/{canceled}/stdout/?format=txt
job_stdout_default_format | admin | GET | jobs/{failed}/stdout/
job_stdout_error | admin | GET | jobs/{error}/stdout/?format=txt
job_stdout_forbidden_as_operator | operator | GET | jobs/{failed}/stdout/?format=txt
job_stdout_html | admin | GET | jobs/{failed}/stdout/?format=html
job_stdout_html_dark | admin | GET | jobs/{failed}/stdout/?format=html&dark=1&content_only=1
job_stdout_json | admin | GET | jobs/{failed}/stdout/?format=json
job_stdout_json_base64 | admin | GET | jobs/{failed}/stdout/?format=json&content_encoding=base64&content_format=ansi
job_stdout_json_range | admin | GET | jobs/{failed}/stdout/?format=json&start_line=2&end_line=6
job_stdout_json_range_past_end | admin | GET | jobs/{failed}/stdout/?format=json&start_line=1000&end_line=2000
job_stdout_playbook_missing | admin | GET | jobs/{missing_playbook}/stdout/?format=txt
job_stdout_running_json | admin | GET | jobs/{running}/stdout/?format=json&start_line=0&end_line=5
job_stdout_running_txt | admin | GET | jobs/{running}/stdout/?format=txt
job_stdout_too_large_ansi | admin | GET | jobs/{big}/stdout/?format=ansi
job_stdout_too_large_ansi_download | admin | GET | jobs/{big}/stdout/?format=ansi_download
job_stdout_too_large_json | admin | GET | jobs/{big}/stdout/?format=json
job_stdout_too_large_json_range | admin | GET | jobs/{big}/stdout/?format=json&start_line=0&end_line=10
job_stdout_too_large_txt | admin | GET | jobs/{big}/stdout/?format=txt
job_stdout_too_large_txt_download | admin | GET | jobs/{big}/stdout/?format=txt_download
job_stdout_txt | admin | GET | jobs/{failed}/stdout/?format=txt
job_stdout_txt_download | admin | GET | jobs/{failed}/stdout/?format=txt_download
job_stdout_txt_range | admin | GET | jobs/{failed}/stdout/?format=txt&start_line=2&end_line=6
job_stdout_unreachable | admin | GET | jobs/{unreachable}/stdout/?format=txt
job_template_404 | admin | GET | job_templates/99999/
job_template_by_named_url | admin | GET | job_templates/Deploy%20web++Default/
job_template_by_named_url_404 | admin | GET | job_templates/nosuch++Default/
job_template_by_old_style_filter | admin | GET | job_templates/?name__iexact=DEPLOY%20WEB&organization__name=Default
job_template_credentials | admin | GET | job_templates/9/credentials/
job_template_detail_as_operator | operator | GET | job_templates/9/
job_template_detail_askpassword | admin | GET | job_templates/28/
job_template_detail_forbidden_as_operator | operator | GET | job_templates/10/
job_template_detail_nocred | admin | GET | job_templates/38/
job_template_detail_noinventory | admin | GET | job_templates/27/
job_template_detail_ok | admin | GET | job_templates/9/
job_template_detail_prompts | admin | GET | job_templates/15/
job_template_detail_sliced | admin | GET | job_templates/17/
job_template_detail_survey | admin | GET | job_templates/14/
job_template_jobs | admin | GET | job_templates/9/jobs/?page_size=2&order_by=-id
job_templates_by_name | admin | GET | job_templates/?name=Deploy%20web
job_templates_list | admin | GET | job_templates/?page_size=5&order_by=name
job_templates_list_as_operator | operator | GET | job_templates/
jobs_fields_not_supported_400 | admin | GET | jobs/?page_size=1&fields=id
jobs_list_as_operator | operator | GET | jobs/?page_size=3&order_by=-id
jobs_list_bad_date_400 | admin | GET | jobs/?created__gt=yesterday
jobs_list_bad_status_value | admin | GET | jobs/?status=nosuch
jobs_list_by_template | admin | GET | jobs/?job_template=9&order_by=-id&page_size=2
jobs_list_by_template_name | admin | GET | jobs/?job_template__name__icontains=fla&order_by=-id&page_size=2
jobs_list_by_user | admin | GET | jobs/?created_by__username=operator&order_by=-id&page_size=2
jobs_list_created_gt | admin | GET | jobs/?created__gt=2026-01-01T00:00:00Z&order_by=created&page_size=2
jobs_list_deep_page | admin | GET | jobs/?page_size=200&page=2&order_by=-id
jobs_list_default | admin | GET | jobs/?page_size=3
jobs_list_failed_latest | admin | GET | jobs/?status=failed&order_by=-finished&page_size=5
jobs_list_finished_range | admin | GET | jobs/?finished__gte=2026-01-01T00:00:00Z&finished__lt=2036-02-01T00:00:00Z&page_size=2&order_by=-finished
jobs_list_id_in | admin | GET | jobs/?id__in={done},{failed}
jobs_list_not_status | admin | GET | jobs/?not__status=successful&order_by=-id&page_size=2
jobs_list_or_status | admin | GET | jobs/?or__status=failed&or__status=error&order_by=-finished&page_size=3
jobs_list_page_size_1000 | admin | GET | jobs/?page_size=1000&order_by=-id
jobs_list_page_size_200 | admin | GET | jobs/?page_size=200&order_by=-id
jobs_list_page_size_200_token | admin | GET | jobs/?page_size=200&order_by=-id
jobs_list_page_too_far_404 | admin | GET | jobs/?page_size=200&page=500
jobs_list_search | admin | GET | jobs/?search=flaky&order_by=-id&page_size=2
jobs_list_status_in | admin | GET | jobs/?status__in=pending,waiting,running&page_size=3
json_not_an_object_400 | admin | POST | organizations/ | [1,2]
labels | admin | GET | labels/
launch_get_fail_as_operator_403 | operator | GET | job_templates/10/launch/
launch_get_nocred | admin | GET | job_templates/38/launch/
launch_get_noinventory | admin | GET | job_templates/27/launch/
launch_get_ok | admin | GET | job_templates/9/launch/
launch_get_ok_as_operator | operator | GET | job_templates/9/launch/
launch_get_prompts | admin | GET | job_templates/15/launch/
launch_get_sliced | admin | GET | job_templates/17/launch/
launch_get_survey | admin | GET | job_templates/14/launch/
launch_post_404 | admin | POST | job_templates/99999/launch/ | {}
launch_post_anonymous_401 | none | POST | job_templates/9/launch/ | {}
launch_post_askpassword_400 | admin | POST | job_templates/28/launch/ | {}
launch_post_askpassword_ok | admin | POST | job_templates/28/launch/ | {"ssh_password": "x", "become_password": "y"}
launch_post_bad_extra_vars_400 | admin | POST | job_templates/15/launch/ | {"extra_vars": "{{nope"}
launch_post_fail | admin | POST | job_templates/10/launch/ | {}
launch_post_ignored_fields | admin | POST | job_templates/9/launch/ | {"limit": "web01", "extra_vars": {"a": 1}, "inventory": 4, "job_tags": "x"}
launch_post_invalid_token_401 | bad token | POST | job_templates/9/launch/ | {}
launch_post_malformed_json_400 | admin | POST | job_templates/9/launch/ | {"extra_vars":
launch_post_no_body | admin | POST | job_templates/38/launch/
launch_post_no_permission_403 | operator | POST | job_templates/10/launch/ | {}
launch_post_noinventory_400 | admin | POST | job_templates/27/launch/ | {}
launch_post_ok | admin | POST | job_templates/9/launch/ | {}
launch_post_ok_as_operator | operator | POST | job_templates/9/launch/ | {}
launch_post_prompts_all | admin | POST | job_templates/15/launch/ | {"extra_vars": {"version": "2.0"}, "limit": "web01", "inventory": 2, "job_tags": "deploy", "skip_tags": "verify", "job_type": "check", "verbosity": 1, "diff_mode": true, "credentials": [3]}
launch_post_prompts_bad_credential_400 | admin | POST | job_templates/15/launch/ | {"credentials": [99999]}
launch_post_prompts_bad_inventory_400 | admin | POST | job_templates/15/launch/ | {"inventory": 99999}
launch_post_prompts_bad_job_type_400 | admin | POST | job_templates/15/launch/ | {"job_type": "destroy"}
launch_post_prompts_defaults | admin | POST | job_templates/15/launch/ | {}
launch_post_prompts_drop_credential_400 | admin | POST | job_templates/15/launch/ | {"credentials": []}
launch_post_prompts_two_machine_credentials | admin | POST | job_templates/15/launch/ | {"credentials": [3, 4]}
launch_post_prompts_no_matching_limit | admin | POST | job_templates/15/launch/ | {"limit": "nosuchhost"}
launch_post_sliced | admin | POST | job_templates/17/launch/ | {}
launch_post_survey_bad_choice_400 | admin | POST | job_templates/14/launch/ | {"extra_vars": {"release": "1", "target_env": "moon", "count": 99}}
launch_post_survey_extra_var_ignored | admin | POST | job_templates/14/launch/ | {"extra_vars": {"release": "1.2", "target_env": "dev", "unasked": "x"}}
launch_post_survey_missing_400 | admin | POST | job_templates/14/launch/ | {}
launch_post_survey_one_missing_400 | admin | POST | job_templates/14/launch/ | {"extra_vars": {"target_env": "dev"}}
launch_post_survey_vars_as_json_string | admin | POST | job_templates/14/launch/ | {"extra_vars": "{\\"release\\": \\"1.2\\", \\"target_env\\": \\"dev\\"}"}
launch_post_survey_vars_as_yaml_string | admin | POST | job_templates/14/launch/ | {"extra_vars": "release: '1.2'\\ntarget_env: dev"}
launch_post_unknown_field | admin | POST | job_templates/9/launch/ | {"nosuch": 1}
launch_post_unreachable | admin | POST | job_templates/16/launch/ | {}
malformed_json_400 | admin | POST | organizations/ | {"name": "x",
me | admin | GET | me/
me_accept_html | admin html | GET | me/
me_accept_xml_406 | admin xml | GET | me/
me_anonymous_401 | none | GET | me/
me_as_operator | operator | GET | me/
me_bad_password_401 | bad password | GET | me/
me_invalid_token_401 | bad token | GET | me/
me_with_deleted_token_401 | deleted token | GET | me/
me_with_revoked_token | revoked token | GET | me/
me_with_token | admin | GET | me/
method_not_allowed_post_jobs_405 | admin | POST | jobs/ | {"job_template": 9}
method_not_allowed_put_jobs_405 | admin | PUT | jobs/ | {}
not_found_in_api_anonymous | none | GET | no_such_thing/
not_found_route_404 | admin | GET | no_such_thing/
o_revoke_token | admin | FORM | /api/o/revoke_token/ | token={spare_token}
o_revoke_token_unknown | admin | FORM | /api/o/revoke_token/ | token=nosuch
order_by_unknown_400 | admin | GET | hosts/?order_by=nosuch
organization_detail | admin | GET | organizations/1/
organizations_list | admin | GET | organizations/
ping | none | GET | ping/
ping_no_trailing_slash | none | GET | /api/v2/ping
post_no_trailing_slash | admin | POST | /api/v2/tokens | {}
project_404 | admin | GET | projects/99999/
project_detail | admin | GET | projects/8/
project_detail_failed | admin | GET | projects/6/
project_detail_while_updating | admin | GET | projects/5/
project_detail_with_update_on_launch | admin | GET | projects/5/
project_playbooks | admin | GET | projects/8/playbooks/
project_update_as_operator_403 | operator | POST | projects/8/update/ | {}
project_update_cancel_finished | admin | POST | project_updates/{update_done}/cancel/ | {}
project_update_detail_pending | admin | GET | project_updates/{update_pending}/
project_update_detail_running | admin | GET | project_updates/{update_running}/
project_update_detail_successful | admin | GET | project_updates/{update_done}/
project_update_detail_waiting | admin | GET | project_updates/{update_waiting}/
project_update_events | admin | GET | project_updates/{update_done}/events/?page_size=5
project_update_failed_detail | admin | GET | project_updates/{update_failed}/
project_update_failed_events | admin | GET | project_updates/{update_failed}/events/?failed=true
project_update_failed_stdout_ansi | admin | GET | project_updates/{update_failed}/stdout/?format=ansi
project_update_failed_stdout_txt | admin | GET | project_updates/{update_failed}/stdout/?format=txt
project_update_get | admin | GET | projects/8/update/
project_update_post | admin | POST | projects/8/update/ | {}
project_update_post_broken | admin | POST | projects/6/update/ | {}
project_update_post_while_running | admin | POST | projects/5/update/ | {}
project_update_stdout_json | admin | GET | project_updates/{update_done}/stdout/?format=json
project_update_stdout_txt | admin | GET | project_updates/{update_done}/stdout/?format=txt
project_update_stdout_while_running | admin | GET | project_updates/{update_waiting}/stdout/?format=txt
project_updates_list_of_project | admin | GET | projects/8/project_updates/?page_size=2&order_by=-id
read_scope_token_get | read | GET | organizations/?page_size=1
read_scope_token_post_403 | read | POST | job_templates/9/launch/ | {}
sliced_job_detail | admin | GET | jobs/{slice}/
sliced_jobs_path_404 | admin | GET | jobs/{sliced}/
sliced_relaunch_get | admin | GET | workflow_jobs/{sliced}/relaunch/
sliced_workflow_job_detail | admin | GET | workflow_jobs/{sliced}/
sliced_workflow_nodes | admin | GET | workflow_jobs/{sliced}/workflow_nodes/
survey_spec | admin | GET | job_templates/14/survey_spec/
survey_spec_none | admin | GET | job_templates/9/survey_spec/
token_delete_again_404 | admin | DELETE | tokens/99999/
token_delete_others_as_operator | operator | DELETE | tokens/{token}/
token_delete_own | admin | DELETE | tokens/{other_token}/
token_detail | admin | GET | tokens/{token}/
tokens_create_anonymous_401 | none | POST | tokens/ | {"scope": "write"}
tokens_create_as_operator | operator | POST | tokens/ | {"scope": "write"}
tokens_create_bad_password_401 | bad password | POST | tokens/ | {"scope": "write"}
tokens_create_bad_scope_400 | admin | POST | tokens/ | {"scope": "everything"}
tokens_create_basic | basic | POST | tokens/ | {"description": "rec", "application": null, "scope": "write"}
tokens_create_empty_body | basic | POST | tokens/ | {}
tokens_create_read_scope | basic | POST | tokens/ | {"scope": "read"}
tokens_list | admin | GET | tokens/?page_size=3&order_by=-id
tokens_list_as_operator | operator | GET | tokens/
unified_job_templates_by_type | admin | GET | unified_job_templates/?type__in=job_template,workflow_job_template&page_size=3&order_by=name
unified_jobs_by_type | admin | GET | unified_jobs/?type=project_update&page_size=2&order_by=-finished
unified_jobs_list | admin | GET | unified_jobs/?page_size=4&order_by=-id
unified_jobs_running | admin | GET | unified_jobs/?status__in=pending,waiting,running&order_by=-id
user_create_as_operator_403 | operator | POST | users/ | {"username": "x", "password": "y"}
user_personal_tokens_create | admin | POST | users/1/personal_tokens/ | {}
users_list | admin | GET | users/
users_list_as_operator | operator | GET | users/
workflow_approval_approve | admin | POST | workflow_approvals/{approval_to_approve}/approve/ | {}
workflow_approval_approve_again_400 | admin | POST | workflow_approvals/{approved}/approve/ | {}
workflow_approval_approve_as_operator_403 | operator | POST | workflow_approvals/{approval}/approve/ | {}
workflow_approval_deny | admin | POST | workflow_approvals/{approval_to_deny}/deny/ | {}
workflow_approval_detail | admin | GET | workflow_approvals/{approval}/
workflow_approval_detail_approved | admin | GET | workflow_approvals/{approved}/
workflow_job_cancel_get | admin | GET | workflow_jobs/{wf_running}/cancel/
workflow_job_cancel_post | admin | POST | workflow_jobs/{wf_spare}/cancel/ | {}
workflow_job_detail_canceled | admin | GET | workflow_jobs/{wf_canceled}/
workflow_job_detail_denied | admin | GET | workflow_jobs/{wf_denied}/
workflow_job_detail_running | admin | GET | workflow_jobs/{wf_running}/
workflow_job_detail_successful | admin | GET | workflow_jobs/{wf_done}/
workflow_job_id_under_unified_jobs | admin | GET | unified_jobs/?id={done}
workflow_job_relaunch_get | admin | GET | workflow_jobs/{wf_done}/relaunch/
workflow_job_stdout | admin | GET | workflow_jobs/{wf_done}/stdout/?format=txt
workflow_job_template_detail | admin | GET | workflow_job_templates/22/
workflow_launch_as_operator_403 | operator | POST | workflow_job_templates/22/launch/ | {}
workflow_launch_get | admin | GET | workflow_job_templates/22/launch/
workflow_launch_post | admin | POST | workflow_job_templates/22/launch/ | {}
workflow_launch_post_approval | admin | POST | workflow_job_templates/23/launch/ | {}
workflow_nodes_finished | admin | GET | workflow_jobs/{wf_done}/workflow_nodes/
workflow_nodes_running | admin | GET | workflow_jobs/{wf_running}/workflow_nodes/
"""

# Recordings whose routes come later, by reason.
LATER = {
    "schedules": """
        schedule_create schedule_create_as_operator schedule_create_bad_rrule_400
        schedule_create_no_interval_400 schedule_create_survey_missing_400 schedule_delete
        schedule_detail schedule_patch_disable schedule_preview schedule_preview_bad_400
        schedules_list job_template_schedules job_create_schedule_get""",
    "roles and teams": """
        job_template_access_list job_template_object_roles role_definitions_list role_detail
        role_team_assignments_list role_user_assignment_create role_user_assignment_delete
        role_user_assignments_list role_users roles_list team_roles_grant team_roles_revoke
        team_users user_roles_grant user_roles_grant_404 user_roles_grant_again
        user_roles_grant_as_operator_403 user_roles_revoke""",
    "notifications": """
        notification_detail notification_template_create_400 notification_template_detail_slack
        notification_template_test notification_templates_list notifications_list
        job_template_notifications_error""",
    "OAuth2 applications and grants": """
        api_o_root application_detail applications_create_client_credentials_400
        applications_list applications_list_as_operator tokens_create_for_application
        me_with_old_access_token_after_refresh me_with_refreshed_token
        o_authorize_get_anonymous o_authorize_get_session o_authorize_post_session
        o_token_authorization_code o_token_authorization_code_bad
        o_token_authorization_code_reused o_token_bad_client o_token_bad_client_secret
        o_token_bad_scope o_token_client_credentials o_token_client_credentials_authcode_app
        o_token_json_body o_token_no_client o_token_password_bad_user
        o_token_password_basic_client o_token_password_client_in_body o_token_password_no_scope
        o_token_password_public_client o_token_refresh o_token_refresh_bad
        o_token_refresh_reused o_token_unsupported_grant""",
    "sessions and the browsable API": """
        login_page_get login_post_bad_password login_post_no_csrf login_post_ok
        session_cookie_me session_cookie_post_without_csrf_403 not_found_outside_api""",
    "the websocket": "websocket_session",
    "settings, dashboard, metrics and the activity stream": """
        activity_stream dashboard dashboard_as_operator dashboard_graph_jobs
        metrics_accept_json settings_as_operator settings_jobs settings_list""",
    "bulk operations": """
        bulk_host_create bulk_host_create_too_many_400 bulk_host_delete bulk_job_launch
        bulk_job_launch_bad_500 bulk_root bulk_workflow_job_detail""",
    "making and changing rows": """
        credential_no_owner_400 credential_unknown_input_400 duplicate_inventory_400
        host_bad_variables_400 host_create host_create_duplicate_400 host_delete
        host_patch_disable inventory_post_without_org_400
        job_template_create_without_project_400 job_template_delete_running_409
        job_template_patch missing_required_fields_400 project_create_bad_scm_url_400
        job_template_copy_get options_job_template options_jobs_list options_launch""",
    "variables, facts and scripts of an inventory": """
        host_ansible_facts host_job_host_summaries host_variable_data inventory_script
        inventory_variable_data""",
    "other views of events and nodes": """
        job_events_children_summary job_events_of_bulk_row workflow_template_nodes""",
    "system job templates, which unified_job_templates lists": "unified_job_templates_list",
}
