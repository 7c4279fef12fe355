using System.Text.RegularExpressions;
using ChunkProxy.Testing.Documents;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Release.Tests.Artefacts;

/// <summary>Every command of the README, from its text, on a clean Debian with .NET, curl and etcd.</summary>
/// <remarks>
/// A block of the language <c>sh</c> is run line by line, unless the line above it is a comment <c>&lt;!-- not run: why --&gt;</c>. A command that serves is
/// left running until another block starts one. Hosts named <c>.example</c>, and 10.0.0.x, are this container; <c>origin.example</c> has the sample films.
/// </remarks>
[Collection(MadeRelease.Collection)]
public sealed partial class ReadmeTests(MadeRelease release)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Commands_OfTheReadme_Work()
    {
        var script = ScriptOf(await File.ReadAllTextAsync(Path.Combine(ProductBuild.Root, "README.md"), Now));
        var origin = Path.GetDirectoryName(ProductBuild.Assembly("samples/ChunkProxy.SampleOrigin", "ChunkProxy.SampleOrigin.dll"));
        await using var debian = await release.StartAsync(Now, $"{ToolTests.DotnetFolder()}:/usr/share/dotnet", $"{origin}:/origin", "/usr/bin/etcd:/usr/bin/etcd");
        await debian.RunAsync("ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet; ln -s /dist /root/dist; echo '127.0.0.1 origin.example etcd.example' >>/etc/hosts", Now);
        await debian.LaunchAsync("ASPNETCORE_URLS=http://127.0.0.1:80 exec dotnet /origin/ChunkProxy.SampleOrigin.dll", Now);
        await debian.RunAsync("until curl -sf -o /dev/null http://origin.example/; do sleep 0.1; done; openssl rand -hex 32 >/root/pool.key; chmod 600 /root/pool.key", Now);

        // Output and the failed line, if there is one.
        var printed = await debian.RunAsync($"export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 ChunkProxy__AdminKeyGuards=Actions PATH=$PATH:/root/.dotnet/tools; cd /root\n{script}", Now);

        Assert.Contains("2 of 144, 2 in memory", printed, StringComparison.Ordinal);
        Assert.Equal(4, printed.Split("2 members answer at ").Length - 1); // at both nodes of both clusters
    }

    [Fact]
    public void ScriptOf_BlocksAndServers_KeepsTheirOrder()
    {
        var script = ScriptOf("## A\n```sh\nchunkproxy sample   # serves\n```\n\n```sh\ncurl x\n```\n<!-- not run: long -->\n```sh\n./test.sh\n```\n```\nno shell\n```\n## B\n```sh\nchunkproxy -url http://origin.example/ \\\n    -webaddr :81\n```\n");

        Assert.Equal(
            ["stop", "serve 'chunkproxy sample'", "try 'curl x'", "stop", "serve 'chunkproxy -url http://origin.example/ -webaddr :81'", "look 81 1", "stop"],
            script.Split('\n').SkipWhile(line => line != "# commands").Skip(1));
    }

    private static string ScriptOf(string readme)
    {
        var commands = new List<string>();
        foreach (var block in ShellBlock.Of(readme).Where(block => block.NotRun is null))
        {
            var lines = block.Commands.Select(line => line.Replace("10.0.0.", "127.0.0.", StringComparison.Ordinal)).ToList();
            var nodes = lines.Where(line => line.StartsWith("chunkproxy -url", StringComparison.Ordinal)).ToList();
            if (lines.Exists(Server().IsMatch))
            {
                commands.Add("stop");
            }

            commands.AddRange(lines.Select(line =>
                Server().IsMatch(line) ? $"serve '{line}'" : line.StartsWith("export ", StringComparison.Ordinal) ? line : $"try '{line}'"));
            commands.AddRange(nodes.Select(node => $"look {WebAddress().Match(node).Groups[1].Value} {nodes.Count}"));
        }

        return string.Join('\n', [Functions, "# commands", .. commands, "stop"]);
    }

    private const string Functions = """
        servers=()
        serve() {
            bash -c "exec $1" >/tmp/server.log 2>&1 &
            servers+=($!)
            timeout 60 bash -c 'until grep -qE "web listening on|ready to serve client requests" /tmp/server.log; do sleep 0.1; done' || { echo "$1 does not serve:"; cat /tmp/server.log; exit 1; }
        }
        stop() {
            ((${#servers[@]})) || return 0
            kill "${servers[@]}"
            wait "${servers[@]}" || true
            servers=()
        }
        try() {
            bash -c "$1" || { echo "FAILED: $1"; exit 1; }
        }
        # look PORT NODES: the node has the films of its origin, and sees so many members.
        look() {
            curl -sf -r 0-99 -o /dev/null "http://127.0.0.1:$1/films/tides.webm" || { echo "no film at $1"; exit 1; }
            (($2 == 1)) || timeout 30 bash -c "until ((\$(chunkproxy status -node http://127.0.0.1:$1 | grep -c ' healthy ') == $2)); do sleep 0.2; done && echo $2 members answer at $1" || { echo "no cluster at $1"; exit 1; }
        }
        """;

    [GeneratedRegex(@"^(chunkproxy (sample|-url)|etcd )")]
    private static partial Regex Server();

    [GeneratedRegex(@"-webaddr :(\d+)")]
    private static partial Regex WebAddress();
}
