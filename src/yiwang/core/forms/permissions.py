"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (Permission("forms.edit_form", {"zh": "维护表单和检查表", "en": "Edit forms and checklists"}),)
