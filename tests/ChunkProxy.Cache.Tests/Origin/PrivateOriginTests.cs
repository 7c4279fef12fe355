using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>An origin that requires credentials in each request.</summary>
public sealed class PrivateOriginTests : IAsyncLifetime
{
    private const string First = "sv=1&sig=the-first-secret-signature";
    private const string Second = "sv=1&sig=the-second-secret-signature";
    private const int Size = (2 * MiB) + 7;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _origin.DisposeAsync();
    }

    [Fact]
    public async Task Read_FieldsAndQuery_AreInEveryRequestAndNothingElse()
    {
        _origin.Add($"/film?{First}", Size);
        await using var engine = new Engine(
            _origin, null, ("OriginAccess:Query", First), ("OriginAccess:Fields", "Authorization: Bearer the-secret-token\nx-ms-version: 1"), ("DiskSize", "64MiB"), ("Dir", _folder.Path));

        var version = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(version, ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);
        await engine.DisposeAsync(); // writes the rest to the disk

        Assert.NotEmpty(_origin.Requests);
        Assert.All(_origin.Requests, request => Assert.Equal(
            ($"/film?{First}", "Bearer the-secret-token", "1"), (request.Path, request["Authorization"], request["x-ms-version"])));
        Assert.Equal(("/film", "/film"), (version.Id.PathAndQuery, version.Id.Target));
        Assert.All(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories), file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("secret"u8)));
    }

    [Fact]
    public async Task Read_FieldOfTheClientWithTheSameName_IsReplaced()
    {
        _origin.Add("/film", Size);
        await using var engine = new Engine(_origin, null, ("OriginAccess:Fields", "Authorization: Bearer the-secret-token"), ("Origin:RequestFields", "Authorization"));

        await engine.Reader.FindAsync(engine.At("/film"), new RequestFields([new("Authorization", "Basic mine")]), 0, client: null, Stop);

        Assert.Equal("Bearer the-secret-token", Assert.Single(_origin.Requests)["Authorization"]);
    }

    [Fact]
    public async Task Read_FileIsReplaced_UsesTheNewOne()
    {
        var path = _folder.Combine("sas");
        await File.WriteAllTextAsync(path, First + "\n", Stop);
        _origin.Add($"/film?{First}", Size);
        _origin.Add($"/film?{Second}", Size);
        var time = new FakeTimeProvider();
        await using var engine = new Engine(_origin, time, ("OriginAccess:QueryFile", path));
        await engine.ReadAsync("/film", new ByteRange(0, 10), Stop);
        await engine.WhenFilledAsync(Stop);

        await File.WriteAllTextAsync(path, "?" + Second, Stop);
        time.Advance(TimeSpan.FromSeconds(5));
        await engine.ReadAsync("/film", new ByteRange(MiB, Size), Stop);

        Assert.Equal($"/film?{Second}", _origin.Requests.Where(request => request.Path.Contains("second", StringComparison.Ordinal)).Select(request => request.Path).Distinct().Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_RedirectToAnotherHost_GetsNoCredentials(bool repeatsQuery)
    {
        await using var other = ScriptedOrigin.Start();
        other.Add("/copy", Size);
        other.Add("/copy?v=1", Size);
        var location = $"http://127.0.0.1:{other.Port}/copy{(repeatsQuery ? $"?v=1&{First}" : "")}";
        _origin.Add($"/film?{First}", new OriginAnswer { Status = HttpStatusCode.Found }.WithHeader("Location", location));
        await using var engine = new Engine(
            _origin, null, ("Origin:RedirectHosts", $"127.0.0.1:{other.Port}"), ("OriginAccess:Query", First), ("OriginAccess:Fields", "X-Token: the-secret-token"));

        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.NotEmpty(other.Requests);
        Assert.All(other.Requests, request => Assert.Equal((repeatsQuery ? "/copy?v=1" : "/copy", null), (request.Path, request["X-Token"])));
    }

    [Theory]
    [InlineData("/moved")]
    [InlineData($"/moved?{First}")]
    public async Task Read_RedirectAtTheOrigin_GetsThemAgain(string location)
    {
        _origin.Add($"/film?{First}", new OriginAnswer { Status = HttpStatusCode.Found }.WithHeader("Location", location));
        _origin.Add($"/moved?{First}", Size);
        await using var engine = new Engine(_origin, null, ("OriginAccess:Query", First), ("OriginAccess:Fields", "X-Token: the-secret-token"));

        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.All(_origin.Requests, request => Assert.Equal("the-secret-token", request["X-Token"]));
    }

    [Fact]
    public async Task Find_RedirectForTheClientRepeatsTheQuery_IsPassedOnWithoutIt()
    {
        _origin.Add($"/film?{First}", new OriginAnswer { Status = HttpStatusCode.Found }
            .WithHeader("Location", $"http://other.test/film?v=1&{First}")
            .WithHeader("Link", $"</film?{First}>; rel=canonical"));
        await using var engine = new Engine(_origin, null, ("OriginAccess:Query", First));

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        using var answer = found.Reply!.TryOpen(hasRange: false, hasConditions: false)!;
        Assert.Equal("http://other.test/film?v=1", answer.Headers.Single(field => field.Key == "Location").Value);
        Assert.DoesNotContain(answer.Headers, field => field.Key == "Link");
    }

    [Fact]
    public async Task Find_ErrorRepeatsTheQuery_IsNotPassedOn()
    {
        var raw = System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 403 Forbidden\r\nContent-Length: {First.Length}\r\n\r\n{First}");
        _origin.Add($"/film?{First}", new OriginAnswer { Raw = raw });
        await using var engine = new Engine(_origin, null, ("OriginAccess:Query", First));

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal((403, null), (found.OriginStatus, found.Reply));
        Assert.DoesNotContain("secret", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ThroughAFrontEndWithoutCredentials_TheOwnerHasThem()
    {
        _origin.Add($"/film?{First}", Size);
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop, ("OriginAccess:Query", First));
        var front = cluster.AddFrontEnd(("OriginAccess:Query", ""));

        await front.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.All(_origin.Requests, request => Assert.Equal($"/film?{First}", request.Path));
        Assert.Equal(0, front.Metrics.ReadsFrom(ChunkSource.Origin));
    }
}
