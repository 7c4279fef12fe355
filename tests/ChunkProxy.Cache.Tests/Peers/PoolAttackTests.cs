using System.Collections.Concurrent;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using Microsoft.AspNetCore.Http;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>A pool with a key, and attackers without it: a registered member, an eavesdropper, a replay, a man in the middle.</summary>
public sealed class PoolAttackTests
{
    private const string Key = "a secret, with blanks";
    private const int Size = (8 * MiB) + 4321;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_AFakeMemberOwnsEverything_HearsNothingOfTheKeyAndIsNotBelieved()
    {
        var heard = new ConcurrentQueue<string>();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var fake = await ScriptedPeer.StartAsync(
            async context =>
            {
                heard.Enqueue(string.Join('\n', context.Request.Headers.Select(field => $"{field.Key}: {field.Value}")));
                await LieAsync(context, new CacheOptions { Url = origin.BaseAddress });
            },
            Stop);
        await using var cluster = await TestCluster.StartAsync(origin, 1, Stop, ("PoolKey", Key));
        cluster.Nodes[0].Membership.Set(fake.Id); // the only owner: by the highest weight, as it were

        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.NotEmpty(heard);
        Assert.All(heard, fields => Assert.DoesNotContain("Authorization", fields, StringComparison.OrdinalIgnoreCase));
        Assert.All(heard, fields => Assert.DoesNotContain(Key, fields, StringComparison.Ordinal));
        Assert.All(heard, fields => Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Key)), fields, StringComparison.Ordinal));
        Assert.Equal(0, ReadsFromPeers(cluster[0]));
        Assert.Equal(PeerReadOutcome.Unproven, cluster[0].Breakers.Open[fake.Id]);
    }

    [Theory]
    [InlineData(40)] // the head
    [InlineData(2_000)] // the first block
    [InlineData(20_000)] // the second block
    [InlineData(700_000)]
    [InlineData(MiB)] // the last block
    public async Task Read_AnAnswersByteIsFlippedOnTheWay_IsNeverServed(int at)
    {
        await using var man = new ManInTheMiddle();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 0, Stop, ("PoolKey", Key));
        await cluster.AddBehindAsync(man, Stop);
        cluster.AllKnowAll();
        var reader = cluster.AddFrontEnd();
        await reader.ReadAsync("/film", new ByteRange(0, 1000), Stop); // finds the version, and leaves the connection to be used again

        var chunks = 0;
        man.ChangeAnswer = (bytes, before) =>
        {
            if (before <= at && at < before + bytes.Length && Interlocked.Increment(ref chunks) == 1)
            {
                bytes.Span[(int)(at - before)] ^= 1;
            }
        };
        await reader.ReadAsync("/film", ByteRange.Whole(Size), Stop); // compares every byte
        await reader.ReadAsync("/film", new ByteRange(4 * MiB, Size), Stop);

        Assert.True(ReadsFromPeers(reader) > 0);
    }

    [Fact]
    public async Task Read_ARequestIsChangedOnTheWay_IsRefusedAndReadElsewhere()
    {
        await using var man = new ManInTheMiddle();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 0, Stop, ("PoolKey", Key));
        var member = await cluster.AddBehindAsync(man, Stop);
        cluster.AllKnowAll();
        var reader = cluster.AddFrontEnd();
        man.ChangeRequest = bytes =>
        {
            var at = bytes.Span.IndexOf("Pool-Chunk: "u8);
            if (at >= 0)
            {
                bytes.Span["Pool-Chunk: ".Length + at] ^= 1; // another chunk of the same film
            }
        };

        await reader.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.Equal(0, member.PeerReadsServed);
        Assert.Equal(PeerReadOutcome.Refused, reader.Breakers.Open[man.Id]);
    }

    [Fact]
    public async Task Find_ForwardedFieldsAreChangedOnTheWay_IsRefusedAndTheOriginIsAskedWithTheRightOnes()
    {
        await using var man = new ManInTheMiddle();
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 0, Stop, ("PoolKey", Key), ("Origin:RequestFields", "Accept-Language"));
        await cluster.AddBehindAsync(man, Stop);
        cluster.AllKnowAll();
        var reader = cluster.AddFrontEnd();
        var changed = 0;
        man.ChangeRequest = bytes =>
        {
            var at = bytes.Span.IndexOf("Pool-Request-Fields: "u8);
            if (at >= 0)
            {
                bytes.Span["Pool-Request-Fields: ".Length + at] ^= 1;
                changed++;
            }
        };

        var found = await reader.Reader.FindAsync(reader.At("/film"), new RequestFields([new("Accept-Language", "de")]), 0, client: null, Stop);

        Assert.NotNull(found.Version);
        Assert.True(changed > 0);
        Assert.All(film.Requests, request => Assert.Equal("de", request["Accept-Language"]));
        Assert.Equal(PeerReadOutcome.Refused, reader.Breakers.Open[man.Id]);
    }

    [Fact]
    public async Task Find_TheClientsQueryIsChangedOnTheWay_IsRefusedAndSentByTheReaderItself()
    {
        await using var man = new ManInTheMiddle();
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film?token=anna", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 0, Stop, ("PoolKey", Key), ("CacheKey:Ignore", "token"));
        await cluster.AddBehindAsync(man, Stop);
        cluster.AllKnowAll();
        var reader = cluster.AddFrontEnd();
        var changed = 0;
        man.ChangeRequest = bytes =>
        {
            var at = bytes.Span.IndexOf("Pool-Query: "u8);
            if (at >= 0)
            {
                bytes.Span["Pool-Query: token=".Length + at] ^= 1;
                changed++;
            }
        };

        var found = await reader.Reader.FindAsync(reader.At("/film?token=anna"), RequestFields.None, 0, client: null, Stop);

        Assert.NotNull(found.Version);
        Assert.True(changed > 0);
        Assert.NotEmpty(film.Requests);
        Assert.Equal(film.Requests.Count, origin.Requests.Count);
        Assert.Equal(PeerReadOutcome.Refused, reader.Breakers.Open[man.Id]);
    }

    [Fact]
    public async Task Pool_ARequestComesAgain_IsRefused()
    {
        await using var man = new ManInTheMiddle();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 0, Stop, ("PoolKey", Key));
        await cluster.AddBehindAsync(man, Stop);
        cluster.AllKnowAll();
        var reader = cluster.AddFrontEnd();
        await reader.ReadAsync("/film", new ByteRange(0, 1000), Stop);

        var requests = man.Sent.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Where(it => it.StartsWith("GET /pool/v1/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(requests);
        foreach (var request in requests)
        {
            Assert.Equal("HTTP/1.1 403 Forbidden", await man.SendAsync(request + "\r\n\r\n", Stop));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("...")]
    [InlineData("0123456789abcdef0123456789abcdef.1.1.")]
    [InlineData("0123456789abcdef0123456789abcdef.1.1.!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")] // as long as a MAC
    [InlineData("x.-1.99999999999999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Pool_ProofThatIsNone_IsRefused(string proof)
    {
        await using var origin = ScriptedOrigin.Start();
        await using var cluster = await TestCluster.StartAsync(origin, 1, Stop, ("PoolKey", Key));
        using var http = new HttpClient();
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{cluster.IdOf(0)}{PoolProtocol.PingPath}"));
        question.Headers.TryAddWithoutValidation(PoolProof.Field, proof);

        using var answer = await http.SendAsync(question, Stop);

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task Pool_ARequestForOneMemberIsSentToAnother_IsRefused()
    {
        await using var man = new ManInTheMiddle();
        await using var other = new ManInTheMiddle();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 0, Stop, ("PoolKey", Key));
        await cluster.AddBehindAsync(man, Stop);
        cluster.AllKnowAll();
        await cluster.AddFrontEnd().ReadAsync("/film", new ByteRange(0, 1000), Stop);
        await cluster.AddBehindAsync(other, Stop);

        var request = man.Sent.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).First(it => it.StartsWith("GET /pool/v1/", StringComparison.Ordinal));

        Assert.Equal("HTTP/1.1 403 Forbidden", await other.SendAsync(request + "\r\n\r\n", Stop));
    }

    [Fact]
    public async Task Read_TheKeyIsBeingReplaced_MembersWithTheOldAndTheNewOneBelieveEachOther()
    {
        using var folder = new TemporaryFolder();
        var (before, after) = (folder.Combine("before"), folder.Combine("after"));
        await File.WriteAllTextAsync(before, "the old key of the cluster\nthe new key of the cluster\n", Stop);
        await File.WriteAllTextAsync(after, "the new key of the cluster\nthe old key of the cluster\n", Stop);
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop, ("PoolKeyFile", before));
        var reader = cluster.AddFrontEnd(("PoolKeyFile", after));

        await reader.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.True(ReadsFromPeers(reader) > 0);
        Assert.Empty(reader.Breakers.Open);
    }

    private static long ReadsFromPeers(Engine reader) => reader.Metrics.ReadsFrom(ChunkSource.Peer) + reader.Metrics.ReadsFrom(ChunkSource.PeerOrigin);

    // The closest imitation without the key: the right chunk, the right length.
    private static async Task LieAsync(HttpContext context, CacheOptions options)
    {
        if (context.Request.Path == PoolProtocol.ChunkPath
            && context.Request.Headers[PoolProtocol.Version] is [{ } token]
            && VersionToken.TryRead(token, new ObjectId(context.Request.Headers[PoolProtocol.Object]!, options.OriginKey), MiB) is { } version)
        {
            var chunk = version.Chunk(long.Parse(context.Request.Headers[PoolProtocol.Chunk]!, System.Globalization.CultureInfo.InvariantCulture));
            var slice = context.Request.Headers[PoolProtocol.Slice].ToString().Split('-').Select(int.Parse).ToArray();
            context.Response.Headers[PoolProtocol.Key] = PoolProtocol.KeyOf(chunk);
            context.Response.Headers[PoolProtocol.Block] = "65536";
            context.Response.Headers[PoolProof.Field] = PoolProof.Write(new byte[16], new byte[32]);
            context.Response.ContentLength = new SealedBlocks(SealedBlocks.GridOnTheWay).LengthOf(new Slice(chunk.Index, slice[0], slice[1] - slice[0]));
            await context.Response.Body.WriteAsync(new byte[context.Response.ContentLength.Value], context.RequestAborted);
        }
    }
}
