namespace ChunkProxy.Release.Tests.Artefacts;

[Collection(MadeRelease.Collection)]
public sealed class ImageTests(MadeRelease release)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task Load_ImageOfTheFrontEnd_SampleServesFilms()
    {
        var archive = release.File("chunkproxy-web-*-image.tar");
        var version = Path.GetFileName(archive).Split('-')[2];
        await MadeRelease.LoadImageAsync(archive, Now);

        await using var node = await MadeRelease.StartImageAsync($"chunkproxy-web:{version}", ["sample", "-webaddr", ":8080"], Now);
        await node.WhenAnsweringAsync(Now);
        await SampleFilm.AssertIsServedAsync(node.Client, Now);
    }
}
