"""The way in for people, before any MQTT: one port with the page and the WebSocket, who may open it, and how many.

The embedded broker and the edge share it. What comes behind the upgrade is theirs.
"""
