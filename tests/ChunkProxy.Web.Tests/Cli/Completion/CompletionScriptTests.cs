using System.Diagnostics;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Completion;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Tests.Cli.Completion;

/// <summary>The scripts, read by the shells themselves.</summary>
public sealed class CompletionScriptTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("chunkproxy|st", "status")]
    [InlineData("chunkproxy|sam", "sample")]
    [InlineData("chunkproxy|-we", "-webaddr")]
    [InlineData("chunkproxy|-url|http://origin.example/|-pooln", "")]
    [InlineData("chunkproxy|-url|http://origin.example/|-poolkeyf", "-poolkeyfile")]
    [InlineData("chunkproxy|sample|-size-", "-size-c -size-m -size-d -size-s")]
    [InlineData("chunkproxy|sample|-ur", "-urlkeyfile")] // not -url
    [InlineData("chunkproxy|warm|-de", "-detach")]
    [InlineData("chunkproxy|map|-we", "")]
    [InlineData("chunkproxy|completion|", "bash zsh fish")]
    [InlineData("chunkproxy|-webaddr|", "")]
    [InlineData("chunkproxy|-dir|/usr/sha", "/usr/share")]
    [InlineData("chunkproxy|-dir|/var/cache,/usr/sha", "/var/cache,/usr/share")]
    [InlineData("chunkproxy|status|-adminkeyfile|/etc/host", "/etc/host*")]
    public async Task Bash_Words_AreCompleted(string line, string expected)
    {
        var words = line.Split('|');
        var reply = await RunAsync(
            "bash",
            [
                "-c",
                "compopt() { :; }; source /dev/stdin; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _chunkproxy; echo \"${COMPREPLY[*]}\"",
                "bash",
                .. words,
            ],
            CompletionScripts.For("bash")!);

        if (expected.EndsWith('*'))
        {
            Assert.All(reply.Trim().Split(' '), word => Assert.StartsWith(expected[..^1], word, StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(expected, reply.Trim());
        }
    }

    [Fact]
    public async Task Zsh_Script_HasNoSyntaxErrorAndEveryFlag()
    {
        var script = CompletionScripts.For("zsh")!;

        Assert.Equal("", await RunAsync("zsh", ["-n", "/dev/stdin"], script));
        Assert.StartsWith("#compdef chunkproxy\n", script, StringComparison.Ordinal);
        Assert.All(FlagTable.All, flag => Assert.Contains($"'{flag}[", script, StringComparison.Ordinal));
        Assert.All(NodeCommands.All, command => Assert.Contains($"'{command.Name}:{command.Summary}'", script, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chunkproxy st", "status")]
    [InlineData("chunkproxy -weba", "-webaddr")]
    [InlineData("chunkproxy warm -deta", "-detach")]
    [InlineData("chunkproxy completion zs", "zsh")]
    public async Task Fish_Words_AreCompleted(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("chunkproxy.fish"), CompletionScripts.For("fish")!, Now);

        var reply = await RunAsync("fish", ["--no-config", "-c", $"source {folder.Combine("chunkproxy.fish")}; complete -C '{line}'"], "");

        Assert.Contains(expected, reply.Split('\n').Select(candidate => candidate.Split('\t')[0]));
    }

    private static async Task<string> RunAsync(string shell, IEnumerable<string> arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(shell, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(input.AsMemory(), Now);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Now);
        var errors = process.StandardError.ReadToEndAsync(Now);
        await process.WaitForExitAsync(Now);
        Assert.Equal("", await errors);
        return await output;
    }
}
