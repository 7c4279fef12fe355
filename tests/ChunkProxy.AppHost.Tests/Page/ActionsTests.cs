using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Playwright;

namespace ChunkProxy.AppHost.Tests.Page;

/// <summary>An operator's actions on the status page, in a real browser with real nodes.</summary>
public sealed class ActionsTests(Browser chromium) : IAsyncLifetime
{
    private const string Key = "sesame-sesame-sesame";
    private const int MiB = 1024 * 1024;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private BrowserPage _browser = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _browser = await chromium.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Actions_BeforeTheKeyIsGiven_AreLockedAndAfterwardsWork()
    {
        var gate = new Gate();
        _origin.Add("/film.mp4", 20 * MiB);
        var slow = _origin.Add("/slow.mp4", new OriginAnswer { Size = 20 * MiB });
        slow.Script = request => request.Range == "bytes=0-0" ? slow.Answer : slow.Answer with { HoldAnswer = gate };
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var one = await StartMemberAsync(etcd, "one");
        await using var two = await StartMemberAsync(etcd, "two");
        await _browser.Page.GotoAsync(new Uri(await one.WhenAdminAddressAsync(Cancelled), "_chunkproxy/?path=/film.mp4").AbsoluteUri);
        await _browser.TextAsync("#worst", "2 of 2 members healthy");

        foreach (var control in new[] { "#warm", "#purge", "#members li:first-child button" })
        {
            await _browser.EnabledAsync(control, isEnabled: false);
        }

        await _browser.VisibleAsync("#acts-hint");
        await UnlockAsync();
        await _browser.VisibleAsync("#acts-hint", isVisible: false);
        Assert.DoesNotContain("sesame", _browser.Page.Url, StringComparison.Ordinal);

        await WarmAsync();
        await PurgeAsync();
        await WarmOfASlowObjectIsCancelledAsync(gate);
        await DrainAndBackAsync();

        await _browser["#key-open"].ClickAsync();
        await _browser.EnabledAsync("#warm", isEnabled: false);
        await _browser.EnabledAsync("#members li:first-child button", isEnabled: false);
        Assert.Equal(0, await _browser.Page.EvaluateAsync<int>("sessionStorage.length"));
        Assert.Empty(_browser.Problems);
    }

    [Fact]
    public async Task GuardedPage_IsOpened_AsksForTheKeyOnce()
    {
        await using var node = await Node.StartAsync(
            ["-url", _origin.BaseAddress.ToString(), "-size-m", "32MiB", "-size-d", "0", "-adminkey", Key, "-adminaddr", "127.0.0.1:0"],
            Cancelled,
            new Dictionary<string, string?> { ["ChunkProxy__AdminKeyGuards"] = "Everything" });

        var answer = await _browser.Page.GotoAsync(new Uri(await node.WhenAdminAddressAsync(Cancelled), "_chunkproxy/").AbsoluteUri);
        await _browser.VisibleAsync("#key-dialog");

        Assert.Equal(200, answer!.Status);
        await _browser.TextAsync("#key-text", "requires the admin key");
        await _browser.TextAsync("#about", "");
        await _browser.ScreenshotsAsync("guarded");
        await GiveKeyAsync(Key);
        await _browser.TextAsync("#worst", "Stand-alone node");

        await _browser.Page.ReloadAsync();
        await _browser.TextAsync("#worst", "Stand-alone node");
        await _browser.VisibleAsync("#key-dialog", isVisible: false);
        Assert.Empty(_browser.Problems);
    }

    [Fact]
    public async Task Page_AtTheAddressOfClients_TakesNoKey()
    {
        await using var node = await Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-m", "32MiB", "-size-d", "0", "-adminkey", Key], Cancelled);

        await _browser.Page.GotoAsync(new Uri(node.Address, "_chunkproxy/").AbsoluteUri);
        await _browser.TextAsync("#worst", "Stand-alone node");

        await _browser.VisibleAsync("#key-open", isVisible: false);
        await _browser.TextAsync("#acts-hint", "-adminaddr");
        await _browser.EnabledAsync("#purge", isEnabled: false);
        Assert.Empty(_browser.Problems);
    }

    private async Task UnlockAsync()
    {
        await _browser["#key-open"].ClickAsync();
        await GiveKeyAsync("not-the-right-key");
        await _browser.TextAsync("#key-problem", "Wrong admin key.");
        await _browser.ScreenshotsAsync("key-wrong");
        await GiveKeyAsync(Key);
        await _browser.VisibleAsync("#key-dialog", isVisible: false);
        await _browser.EnabledAsync("#warm");
    }

    private async Task GiveKeyAsync(string key)
    {
        await _browser["#key"].FillAsync(key);
        await _browser.Page.Keyboard.PressAsync("Enter");
    }

    private async Task WarmAsync()
    {
        await _browser["#warm-range"].FillAsync($"0-{(5 * MiB) - 1}");
        await _browser["#warm"].ClickAsync();
        await _browser.TextAsync("#warms", "/film.mp4");
        await _browser.TextAsync("#warms", "5 of 5 chunks, 5.00 MiB of 5.00 MiB · done");
        await _browser.TextAsync("#map-text", "/film.mp4 is cached: 5 of 20 chunks");
        await _browser.TextAsync("#map-text", "5 in memory, 5 on disk"); // so that the purge finds them at both places
    }

    private async Task PurgeAsync()
    {
        await _browser["#purge"].ClickAsync();
        await _browser.TextAsync("#confirm-text", "/film.mp4 is removed from every member");
        await _browser["#confirm-no"].ClickAsync();
        await _browser.VisibleAsync("#confirm-dialog", isVisible: false);
        await _browser.TextAsync("#map-text", "/film.mp4 is cached: 5 of 20 chunks");

        await _browser["#purge"].ClickAsync();
        await _browser["#confirm-yes"].ClickAsync();
        await _browser.TextAsync("#act-text", "Purged /film.mp4: 5 chunks, 10.0 MiB of memory and disk, at 2 members.");
        await _browser.ScreenshotsAsync("purged");
        await Assertions.Expect(_browser["#map-text"]).Not.ToContainTextAsync("5 of 20 chunks", new() { Timeout = 60_000 });
    }

    private async Task WarmOfASlowObjectIsCancelledAsync(Gate gate)
    {
        await _browser["#path"].FillAsync("/slow.mp4");
        await _browser["#warm-range"].FillAsync("");
        await _browser["#warm"].ClickAsync();
        await _browser.TextAsync("#warms li:first-child", "0 of 20 chunks");
        await _browser.ScreenshotsAsync("warming");
        await _browser["#warms li:first-child button"].ClickAsync();
        await _browser.TextAsync("#warms li:first-child", "cancelled");
        gate.Open();
    }

    private async Task DrainAndBackAsync()
    {
        var button = _browser["#members li:nth-child(2) button"];
        await button.FocusAsync();
        await _browser.Page.Keyboard.PressAsync("Enter");
        await _browser.VisibleAsync("#confirm-dialog");
        await _browser.ScreenshotsAsync("drain");
        await _browser.Page.Keyboard.PressAsync("Escape");
        await _browser.VisibleAsync("#confirm-dialog", isVisible: false);
        await _browser.TextAsync("#worst", "2 of 2 members healthy");

        // By keyboard; the focus is back where it was, though the figures beside it change each second.
        Assert.True(await button.EvaluateAsync<bool>("button => document.activeElement === button"));
        await _browser.Page.Keyboard.PressAsync("Enter");
        await _browser.VisibleAsync("#confirm-dialog");
        await _browser.Page.Keyboard.PressAsync("Tab");
        await _browser.Page.Keyboard.PressAsync("Enter");
        await _browser.TextAsync("#members li:nth-child(2)", "drained");
        await _browser.TextAsync("#worst", "1 of 2 members healthy. Drained: ");
        await _browser.ScreenshotsAsync("drained");

        await _browser.TextAsync("#members li:nth-child(2) button", "Rejoin");
        await button.ClickAsync();
        await _browser.TextAsync("#worst", "2 of 2 members healthy");
        await _browser.TextAsync("#act-text", "is a member again");
    }

    private async Task<Node> StartMemberAsync(EtcdServer etcd, string name)
    {
        var node = await Node.StartAsync(
            [
                "-url", _origin.BaseAddress.ToString(), "-coord", etcd.Url, "-cluster", "clusters/page", "-pooladdr", $"127.0.0.1:{FreePort.Next()}", "-dir", _folder.Combine(name),
                "-size-m", "64MiB", "-adminkey", Key, "-adminaddr", "127.0.0.1:0",
            ],
            Cancelled);
        await node.WhenLineAsync(line => line.Contains("Registered", StringComparison.Ordinal), "the member is registered", Cancelled);
        return node;
    }
}
