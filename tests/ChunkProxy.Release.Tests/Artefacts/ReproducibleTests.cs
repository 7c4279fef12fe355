using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Release.Tests.Artefacts;

[Collection(MadeRelease.Collection)]
public sealed class ReproducibleTests(MadeRelease release)
{
    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Release_MadeAgainInAnotherFolder_HasEqualBytes()
    {
        var compared = await ProgramRun.OutputAsync(
            [Path.Combine(ProductBuild.Root, "eng/reproduce.sh"), release.Folder],
            TestContext.Current.CancellationToken,
            new Dictionary<string, string?>(MadeRelease.Settings) { ["RIDS"] = "linux-x64" }); // one platform: each takes minutes

        Assert.Equal(4, compared.Split("equal   ").Length - 1); // the tool, a folder, a Debian package and a bill of materials
    }
}
