using System.Diagnostics;
using System.Reflection;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class ProductVersionTests
{
    [Theory]
    [InlineData("0.2.0+5e54711a9", "2026-11-30", "chunkproxy 0.2.0 (commit 5e54711a9 of 2026-11-30; .NET 10, linux-x64)")]
    [InlineData("0.2.0+5e54711a9", null, "chunkproxy 0.2.0 (commit 5e54711a9; .NET 10, linux-x64)")]
    [InlineData("0.2.0", "2026-11-30", "chunkproxy 0.2.0 (.NET 10, linux-x64)")]
    public void LineOf_NumberAndDate_NamesWhatIsKnown(string number, string? commitDate, string line) =>
        Assert.Equal(line, ProductVersion.LineOf(number, commitDate, ".NET 10, linux-x64"));

    // The date is the commit's: a build of the same commit on another day prints the same line.
    [Fact]
    public async Task Line_OfABuildFromGit_HasTheDateOfItsCommit()
    {
        var version = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.SkipUnless(version.Contains('+', StringComparison.Ordinal), "this build is not from a git repository");
        var commit = version.Split('+')[1];
        using var git = Process.Start(new ProcessStartInfo("git", ["show", "--no-patch", "--format=%cs", commit])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        })!;
        var date = (await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim();

        Assert.StartsWith($"chunkproxy {version.Split('+')[0]} (commit {commit[..9]} of {date}; ", ProductVersion.Line, StringComparison.Ordinal);
        Assert.StartsWith("20", date, StringComparison.Ordinal);
    }
}
