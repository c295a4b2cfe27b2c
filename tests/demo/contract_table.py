"""Which request on the embedded AWX stands for which recording.

A line of contract_table.txt is: recording, who asks, method, path (below /api/v2 unless it
starts with a slash), body.
Words in braces are ids that the stage provides.
"""

from __future__ import annotations

from pathlib import Path

TABLE = (Path(__file__).parent / "contract_table.txt").read_text(encoding="utf-8")

# Recordings whose routes come later, by reason.
LATER = {
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
    "variables and facts of an inventory": """
        host_ansible_facts host_job_host_summaries host_variable_data
        inventory_variable_data""",
    "the script of an inventory, whose keys are names (test_inventory_script.py)": """
        inventory_script""",
    "other views of events and nodes": """
        job_events_children_summary job_events_of_bulk_row workflow_template_nodes""",
    "system job templates, which unified_job_templates lists": "unified_job_templates_list",
}
