"""What the client of the Python SDK lists on a server without authentication: one name a line.

    sdk_client.py URL
"""

import asyncio
import sys

from mcp import Client


async def main():
    async with Client(sys.argv[1]) as client:
        print("\n".join(tool.name for tool in (await client.list_tools()).tools))


asyncio.run(main())
