namespace ChunkProxy.Release.Tests.Artefacts;

[Collection(MadeRelease.Collection)]
public sealed class TarballTests(MadeRelease release)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Unpack_OnACleanRootWithoutDotnet_SampleServesFilms()
    {
        await using var debian = await release.StartAsync(Now);
        await debian.RunAsync("mkdir /opt/chunkproxy && tar -xzf /dist/chunkproxy-*-linux-x64.tar.gz -C /opt/chunkproxy --strip-components=1", Now);

        Assert.StartsWith("chunkproxy 0.", await debian.RunAsync("/opt/chunkproxy/chunkproxy -version", Now), StringComparison.Ordinal);
        await debian.RunAsync("cd /opt/chunkproxy && grep -q MIT DOTNET-LICENSE && ls LICENSE THIRD-PARTY-NOTICES DOTNET-THIRD-PARTY-NOTICES man/chunkproxy.1 completions/chunkproxy.bash", Now);
        await debian.LaunchAsync("exec /opt/chunkproxy/chunkproxy sample -webaddr :8080", Now);
        await debian.WhenServingAsync(Now);
        await SampleFilm.AssertIsServedAsync(debian.Client, Now);
    }

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Checksums_OfEverythingThatWasMade_AreRight()
    {
        await using var debian = await release.StartAsync(Now);

        var checkedFiles = await debian.RunAsync("cd /dist && sha256sum --check --strict SHA256SUMS", Now);

        Assert.Equal(
            Directory.EnumerateFiles(release.Folder).Select(Path.GetFileName).Where(name => name != "SHA256SUMS").Select(name => $"{name}: OK").Order(StringComparer.Ordinal),
            checkedFiles.Trim().Split('\n').Order(StringComparer.Ordinal));
    }
}
