using System.Text;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli;

/// <summary>The text of <c>-help</c>.</summary>
internal static class HelpPage
{
    private const int Indent = 4;

    private const string Opening = """
        chunkproxy: a caching reverse proxy for immutable files, video above all. It fetches from the
        origin only the chunks that clients read, and keeps them in memory and on disk.

        Usage:
          chunkproxy -url url [flags]               starts a node
          chunkproxy sample [flags]                 serves three sample films at http://127.0.0.1:8080/
          chunkproxy check [flags]                  validates the settings of a node, without starting it
          chunkproxy status|top|map                 queries a running node
          chunkproxy purge|warm|reload              controls a running node
          chunkproxy sign [flags] url               signs a URL
          chunkproxy completion bash|zsh|fish       prints a completion script for a shell

        Examples:

        """;

    private const string BeforeFlags = """
        Flags (-flag value or -flag=value, with one dash or two):

        """;

    private const string Between = """

        Commands (chunkproxy COMMAND -help lists their flags):

        """;

    private const string Closing = """

        Configuration:
          Every flag is also a setting; docs/configuration.md lists all settings. Flags override the
          environment (ChunkProxy__Url=http://origin.example/), which overrides appsettings.json in the
          current directory ({ "ChunkProxy": { "Url": "http://origin.example/" } }).

        Paths under /_chunkproxy/ belong to the proxy: /_chunkproxy/stats, /_chunkproxy/health, /_chunkproxy/alive.
        """;

    /// <summary>Command lines, each with what it does.</summary>
    public static IReadOnlyList<(string Does, string Line)> Examples { get; } =
    [
        ("One node, on every address of this machine, port 8080", "chunkproxy -url http://origin.example/videos/"),
        ("With 4 GiB of memory and 500 GiB of disk, for this machine only",
            "chunkproxy -url https://origin.example/ -webaddr 127.0.0.1:8080 -dir /var/cache/chunkproxy -size-m 4GiB -size-d 500GiB"),
        ("With TLS, HTTP/2 and CORS, for players on pages of another site",
            "chunkproxy -url http://origin.example/videos/ -webaddr :443 -cert /etc/letsencrypt/live -cors https://site.example"),
        ("Two nodes with a static list of members (the second: -dir cache2 -pooladdr 127.0.0.1:7272 -webaddr :8282)",
            "chunkproxy -url http://origin.example/ -dir cache1 -pooladdr 127.0.0.1:7171 -webaddr :8181 -poolpeers 127.0.0.1:7171,127.0.0.1:7272"),
        ("A node of a cluster whose members find each other through etcd, and join and leave at any time",
            "chunkproxy -url http://origin.example/ -dir cache1 -pooladdr 10.0.0.1:7070 -poolkeyfile pool.key -coord http://10.0.0.9:2379"),
    ];

    public static string Text { get; } = Write();

    private static string Write()
    {
        var page = new StringBuilder(Opening);
        foreach (var (does, line) in Examples)
        {
            page.AppendWrapped(does + ":", 2).AppendCommand(line, Indent).Append('\n');
        }

        page.Append(BeforeFlags);
        foreach (var group in FlagTable.Groups)
        {
            page.Append('\n').Append("  ").Append(group.Title).Append(":\n");
            foreach (var flag in group.Flags)
            {
                page.AppendFlag(flag, Indent);
            }
        }

        page.Append(Between);
        foreach (var command in NodeCommands.All)
        {
            page.Append("  ").Append(CommandHelp.Usage(command)).Append('\n').AppendWrapped(command.Summary, Indent);
        }

        return page.Append(Closing).ToString();
    }
}
