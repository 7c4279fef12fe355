using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;
using OriginAnswer = ChunkProxy.Testing.Scripted.OriginAnswer;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>Origins that are added, changed and removed while the process runs.</summary>
public sealed class OriginReloadTests : IAsyncDisposable
{
    private const int Size = 3 * MiB;

    private readonly ScriptedOrigin _one = ScriptedOrigin.Start();
    private readonly ScriptedOrigin _two = ScriptedOrigin.Start();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly Engine _engine;

    public OriginReloadTests()
    {
        _one.Add("/film", new OriginAnswer { Size = Size, Seed = 1 }.WithHeader("Cache-Control", "max-age=3600"));
        _two.Add("/film", new OriginAnswer { Size = Size, Seed = 2 }.WithHeader("Cache-Control", "max-age=3600"));
        _engine = new Engine(_one, _time, ("Url", ""), ("Origins:media:Url", _one.BaseAddress.ToString()));
        _ = Part; // made at the start
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private IReloadable Part => _engine.Reloadable.Single();

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Reload_OriginIsAdded_IsReadAndTheOtherOneStaysAsItIs()
    {
        var media = _engine.OriginNamed("media");

        Reload(("more:Url", _two.BaseAddress.ToString()));

        await _engine.ReadAsync("more:/film", ByteRange.Whole(Size), Now, seed: 2);
        await _engine.ReadAsync("media:/film", ByteRange.Whole(Size), Now, seed: 1);
        Assert.Same(media, _engine.OriginNamed("media"));
        Assert.Equal(0, _engine.FormerOrigins.Count);
    }

    [Fact]
    public async Task Reload_UrlChanges_NewReadsGoToTheNewOneAndTheReadInProgressEndsWithTheOldOne()
    {
        var read = await _engine.FindAsync("media:/film", firstByte: 0, Now);
        await _engine.ReadAsync(read, new ByteRange(0, MiB), Now, seed: 1);

        Reload(("media:Url", _two.BaseAddress.ToString()));

        await _engine.ReadAsync("media:/film", ByteRange.Whole(Size), Now, seed: 2);
        await _engine.ReadAsync(read, ByteRange.Whole(Size), Now, seed: 1);
        Assert.Equal(1, _engine.FormerOrigins.Count);
    }

    [Fact]
    public async Task Reload_OriginIsRemoved_ReadInProgressEndsAndNoNewOneBegins()
    {
        Reload(("more:Url", _two.BaseAddress.ToString()));
        var read = await _engine.FindAsync("more:/film", firstByte: 0, Now);

        Remove("more");

        await _engine.ReadAsync(read, ByteRange.Whole(Size), Now, seed: 2);
        Assert.Null(_engine.Sites.Read("more:/film"));
        Assert.False(_engine.Sites.Has("more:/film"));
    }

    [Fact]
    public async Task Reload_SettingsOfTheServerChange_NextRequestHasThemAndCachedBytesStay()
    {
        var film = await _engine.FindAsync("media:/film", firstByte: 0, Now);
        await _engine.ReadAsync(film, new ByteRange(0, MiB), Now, seed: 1);
        await _engine.WhenFilledAsync(Now);
        var sent = _one.BodyBytesSent;

        Reload(("media:OriginAccess:Fields", "X-Token: the-new-token-of-the-origin"));

        await _engine.ReadAsync("media:/film", ByteRange.Whole(Size), Now, seed: 1);
        Assert.Equal("the-new-token-of-the-origin", _one.Requests.MaxBy(static request => request["Range"] ?? "")!["X-Token"]);
        Assert.Equal(Size - MiB, _one.BodyBytesSent - sent);
    }

    [Fact]
    public async Task Reload_OriginHasAnotherName_WhatIsCachedStays()
    {
        await _engine.ReadAsync("media:/film", ByteRange.Whole(Size), Now, seed: 1);
        await _engine.WhenFilledAsync(Now);
        var sent = _one.BodyBytesSent;

        Remove("media", reload: false);
        Reload(("films:Url", _one.BaseAddress.ToString()));

        var film = await _engine.FindAsync("films:/film", firstByte: 0, Now);
        await _engine.ReadAsync(film, ByteRange.Whole(Size), Now, seed: 1);
        Assert.Equal("films:/film", film.Id.Text);
        Assert.Equal(sent, _one.BodyBytesSent);
    }

    [Fact]
    public async Task TakeBack_OriginsHadChanged_AreAsBefore()
    {
        var media = _engine.OriginNamed("media");
        Reload(confirm: false, ("media:Url", _two.BaseAddress + "other/"), ("more:Url", _two.BaseAddress + "more/"));

        Part.TakeBack();

        Assert.Same(media, Assert.Single(_engine.Origins.All));
        await _engine.ReadAsync("media:/film", ByteRange.Whole(Size), Now, seed: 1);
        Assert.False(_engine.Sites.Has("more:/film"));
        Assert.Equal(2, _engine.FormerOrigins.Count); // those that were in force for a moment
    }

    [Fact]
    public async Task Former_ReadsHaveEnded_EndsAfterItWasIdle()
    {
        await _engine.ReadAsync("media:/film", ByteRange.Whole(Size), Now, seed: 1);
        var read = SiteInUse();
        Reload(("media:Url", _two.BaseAddress.ToString()));

        Pass(FormerOrigins.Idle * 2);
        Assert.Equal(1, _engine.FormerOrigins.Count);
        GC.KeepAlive(read);
        read = null;
        Pass(FormerOrigins.Idle - TimeSpan.FromMinutes(2));
        Assert.Equal(1, _engine.FormerOrigins.Count);
        Pass(TimeSpan.FromMinutes(3));

        Assert.Equal(0, _engine.FormerOrigins.Count);
        var error = Assert.Throws<ChunkReadException>(() => _engine.Origins.Of(new ObjectId("/film", _one.BaseAddress.ToString().TrimEnd('/'), label: "media")));
        Assert.Equal(ProxyError.OriginUnreachable, error.Error);
    }

    [Fact]
    public async Task Former_AClientStillReceivesAResponseAtItsPace_StaysUntilTheResponseEnds()
    {
        var stall = new Gate();
        _one.Add("/live", new OriginAnswer { Size = 2000, Seed = 3, Chunked = true, Stall = stall, StallAfter = 1000 });
        using (var answer = await _engine.Reader.PassThroughAsync(new ObjectId("/live", _one.BaseAddress.ToString().TrimEnd('/'), label: "media"), HttpMethod.Get, [], client: null, Now))
        {
            var buffer = new byte[2000];
            await answer.Body.ReadExactlyAsync(buffer.AsMemory(0, 1000), Now);
            Reload(("media:Url", _two.BaseAddress.ToString()));

            Pass(FormerOrigins.Idle * 2);

            Assert.Equal(1, _engine.FormerOrigins.Count);
            stall.Open();
            await answer.Body.ReadExactlyAsync(buffer.AsMemory(1000), Now);
            Assert.Equal(TestData.Bytes(3, 0, 2000), buffer);
        }

        Pass(FormerOrigins.Idle + TimeSpan.FromMinutes(1));
        Assert.Equal(0, _engine.FormerOrigins.Count);
    }

    [Theory]
    [InlineData("media", null, "there are no ChunkProxy:Origins any more; this needs a restart")]
    [InlineData("media", "more", null)]
    public void Check_NoOriginHasANameAnyMore_NeedsARestart(string removed, string? added, string? fault)
    {
        Remove(removed, reload: false);
        if (added is not null)
        {
            _engine.Settings[$"ChunkProxy:Origins:{added}:Url"] = _two.BaseAddress.ToString();
        }

        Assert.Equal(fault, Part.Check());
    }

    [Fact]
    public async Task Check_TheOneOriginGetsAName_NeedsARestart()
    {
        await using var engine = new Engine(_one);
        var part = engine.Reloadable.Single();
        engine.Settings["ChunkProxy:Origins:media:Url"] = _two.BaseAddress.ToString();

        Assert.Equal("ChunkProxy:Origins: the process has one origin, without a name; named ones need a restart", part.Check());
        Assert.False(part.Reads("ChunkProxy:Origins:media:Url"));
    }

    [Theory]
    [InlineData("ChunkProxy:Origins:media:Url", true)]
    [InlineData("ChunkProxy:Origin:Attempts", true)]
    [InlineData("ChunkProxy:NotFoundLifetime", true)]
    [InlineData("ChunkProxy:ChunkSize", false)]
    [InlineData("ChunkProxy:Clients:Rate", false)]
    public void Reads_SettingsThatOriginsHave_AreRead(string key, bool isRead) => Assert.Equal(isRead, Part.Reads(key));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SiteRules? SiteInUse() => _engine.Sites.Find("media");

    // The timer of former origins looks every minute.
    private void Pass(TimeSpan time)
    {
        for (var minute = 0; minute < time.TotalMinutes; minute++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private void Reload(params (string Key, string Value)[] settings) => Reload(confirm: true, settings);

    private void Reload(bool confirm, params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            _engine.Settings["ChunkProxy:Origins:" + key] = value;
        }

        Assert.Null(Part.Check());
        Assert.Null(Part.Reload());
        if (confirm)
        {
            Part.Confirm();
        }
    }

    private void Remove(string name, bool reload = true)
    {
        _engine.RemoveSettings($"ChunkProxy:Origins:{name}");
        if (reload)
        {
            Reload();
        }
    }
}
