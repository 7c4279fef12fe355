using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Release.Tests.Artefacts;

[Collection(MadeRelease.Collection)]
public sealed class ToolTests(MadeRelease release)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    // From the package to a cached film with nothing but .NET: no feed, no origin, no setting.
    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Install_OnACleanRootWithDotnet_SampleServesFilms()
    {
        await using var debian = await release.StartAsync(Now, $"{DotnetFolder()}:/usr/share/dotnet");
        await debian.RunAsync("ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet", Now);
        await debian.RunAsync("echo '<configuration><packageSources><clear/><add key=\"dist\" value=\"/dist\"/></packageSources></configuration>' >/root/nuget.config", Now);

        // The SDK, and not the tool, needs ICU or this variable.
        await debian.RunAsync("cd && DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet tool install --global chunkproxy", Now);

        Assert.Contains(await Git("log", "-1", "--format=(commit %h of %cs; ", "--abbrev=9"), await debian.RunAsync("/root/.dotnet/tools/chunkproxy -version", Now), StringComparison.Ordinal);
        await debian.LaunchAsync("exec /root/.dotnet/tools/chunkproxy sample -webaddr :8080", Now);
        await debian.WhenServingAsync(Now);
        await SampleFilm.AssertIsServedAsync(debian.Client, Now);
    }

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public void Package_WithFilmsAndLibraries_IsSmall() =>
        Assert.InRange(new FileInfo(release.File("chunkproxy.*.nupkg")).Length, 1, 7 * 1024 * 1024); // 1.5 MiB of it are the libraries of Azure and of tokens

    /// <summary>The folder of this machine's .NET.</summary>
    internal static string DotnetFolder() => Path.GetDirectoryName(
        new FileInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "/usr/bin/dotnet").ResolveLinkTarget(returnFinalTarget: true)?.FullName
        ?? Environment.ProcessPath!)!;

    private static async Task<string> Git(params string[] arguments) =>
        (await ProgramRun.OutputAsync(["git", "-C", ProductBuild.Root, .. arguments], Now)).Trim('\n');
}
