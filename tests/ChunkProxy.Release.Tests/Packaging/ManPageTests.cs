using System.Text.RegularExpressions;
using ChunkProxy.Packaging;
using ChunkProxy.Release.Tests.Artefacts;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Cli.Completion;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Release.Tests.Packaging;

public sealed partial class ManPageTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_Page_IsWellFormedAndHasEveryFlagAndCommand()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("chunkproxy.1");
        await File.WriteAllTextAsync(file, ManPage.Write("0.2.0", "2026-11-30"), Now);

        var page = await ProgramRun.OutputAsync(["groff", "-man", "-ww", "-rLL=100000n", "-P-cbou", "-Tutf8", file], Now, withErrors: true); // -ww: every warning is printed

        Assert.DoesNotContain("warning", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("groff:", page, StringComparison.Ordinal);
        var words = Blanks().Replace(page.Replace('\u2010', '-').Replace('−', '-'), " ");
        Assert.All(FlagTable.All, flag => Assert.Contains(
            $" {flag}{(flag.Value is null ? "" : " " + flag.Value.Placeholder)} {Blanks().Replace(flag.Help, " ")}", words, StringComparison.Ordinal));
        Assert.All(CompletedCommand.Named, command => Assert.Contains($" {command.Name}{(command.Word is null ? "" : " " + command.Word)} {command.Summary}.", words, StringComparison.Ordinal));
        Assert.Contains("ChunkProxy 0.2.0", words, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
