using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.FunctionalTests.Players;
using ChunkProxy.FunctionalTests.PrivateOrigins;
using ChunkProxy.FunctionalTests.Sites.Viewers;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>The example of docs/routes.md as a whole: players, curl, ffmpeg and aria2 read a public and a private site at the same time, while an operator works on both members.</summary>
[Collection(PlayerCollection.Name)]
public sealed class VideoSiteTests(PlayerStage stage, AzuriteServer azurite, ITestOutputHelper output) : IClassFixture<AzuriteServer>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_TwoSitesAreReloadedRotatedPurgedAndRestarted_EveryByteIsTheSources()
    {
        AzuriteServer.SkipUnlessThere();
        await using var content = new SiteContent(stage.Root, azurite);
        await content.AddAsync(Now);
        await using var site = await VideoSite.StartAsync(stage.Origin.BaseAddress, content, azurite, Now);
        await using var viewers = new SiteViewers(stage, site);
        var checks = new SiteChecks(site, stage.Origin.BaseAddress.GetLeftPart(UriPartial.Authority));
        var load = viewers.Load;

        await viewers.StartAsync(Now);
        await load.WhenEachReadAsync(Now);
        await checks.VerifyAccessAsync(Now);

        await ReloadAsync(site, viewers, checks);
        await ReplaceKeyAsync(site, viewers, checks);
        await PurgeAsync(site, load, checks);
        await RestartAsync(site, viewers);

        await load.StopAsync();
        output.WriteLine(string.Join('\n', [.. load.Rounds, .. load.Interruptions]));
        load.VerifyNoFault();
        await viewers.VerifyPlayersAsync();
        await checks.VerifyAccessAsync(Now);
        await checks.VerifyContentAsync(Now);
        var reads = (await azurite.RequestsAsync(Now)).Where(static request => request.Method != "PUT");
        Assert.DoesNotContain(reads, static blob => blob.Target.Contains("cp-", StringComparison.Ordinal) || blob.Target.Contains(SiteContent.Unread, StringComparison.Ordinal));
        await site.VerifyNoSecretAsync([], Now);
    }

    private static async Task ReloadAsync(VideoSite site, SiteViewers viewers, SiteChecks checks)
    {
        viewers.Load.Begin("the routes are reloaded");
        await checks.VerifyNoEmbedRouteAsync(Now);
        await site.AddEmbedRouteAsync(Now);
        await checks.VerifyEmbedRouteAsync(Now);
        await viewers.StartMemberPlayerAsync();
    }

    private static async Task ReplaceKeyAsync(VideoSite site, SiteViewers viewers, SiteChecks checks)
    {
        viewers.Load.Begin("the key of the signatures is replaced");
        var former = site.Query;
        await site.UseKeysAsync([VideoSite.NewKey, VideoSite.OldKey], Now);
        await checks.VerifyHitAsync(former, Now);
        await site.SignAsync(hours: 2);
        await checks.VerifyHitAsync(site.Query, Now); // of another viewer
        await viewers.Load.WhenEachReadAsync(Now);

        await site.UseKeysAsync([VideoSite.NewKey], Now);
        await checks.VerifyRefusedAsync(former, Now);
        await viewers.Load.WhenEachReadAsync(Now);
    }

    private static async Task PurgeAsync(VideoSite site, ViewerLoad load, SiteChecks checks)
    {
        await checks.VerifyContentAsync(Now); // so that everything is cached
        var before = await site.Content.AskedAsync(Now);

        load.Begin("prefixes are purged", static (viewer, _) => viewer.ReadsPurged);
        await site.Content.ChangeAsync();
        await Task.WhenAll(
            site.PurgeAsync($"https://{VideoSite.Films}/news/"), site.PurgeAsync($"https://{VideoSite.Films}{SiteContent.PurgedFilm}"), site.PurgeAsync("vault:/clips/"));
        site.Content.Settle();
        await checks.VerifyAccessAsync(Now); // the private files are purged now, unless curl has read them again
        await load.WhenEachReadAsync(Now);

        load.Begin("prefixes have been purged");
        await checks.VerifyContentAsync(Now);
        SiteChecks.VerifyAskedAgain(before, await site.Content.AskedAsync(Now));
    }

    private static async Task RestartAsync(VideoSite site, SiteViewers viewers)
    {
        var (first, second) = (site.Nodes[0], site.Nodes[1]);
        var load = viewers.Load;

        load.Begin("a member is restarted, and cuts its responses off", (_, member) => member == first);
        await using (var downloads = await HeldDownloads.StartAsync(site, first, "/files/held-1.bin", Now))
        {
            await downloads.AddAria2Async(Now);
            await site.StopAsync(first, Now);
            await downloads.ResumeAsync(Now);
            await first.StartAsync(Now);
            await downloads.CompleteAsync(Now);
            downloads.VerifyResumed();
        }

        load.Begin("all members are there again");
        viewers.Steady = first;
        await load.WhenEachReadAsync(Now);

        load.Begin("the other member is restarted, and waits for its responses", (_, member) => member == second);
        await using (var downloads = await HeldDownloads.StartAsync(site, second, "/files/held-2.bin", Now))
        {
            var stopped = site.StopAsync(second, Now);
            await site.WhenRefusedAsync(second, Now);
            await downloads.CompleteAsync(Now);
            await stopped;
            await second.StartAsync(Now);
        }

        await load.WhenEachReadAsync(Now);
    }
}
