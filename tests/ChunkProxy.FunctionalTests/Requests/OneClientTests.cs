using System.Globalization;
using System.Net;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>A response that the origin made for one client reaches that client only, however many clients ask at once.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class OneClientTests(SharedCluster shared)
{
    private const int Clients = 16;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.OK, 5_000)]
    [InlineData(HttpStatusCode.OK, (2 * OneNode.MiB) + 77)] // longer than a chunk
    [InlineData(HttpStatusCode.Forbidden, 0)]
    [InlineData(HttpStatusCode.NotFound, 0)]
    public async Task Get_PrivateResponse_EachClientHasOneOfItsOwn(HttpStatusCode status, int size)
    {
        var page = shared.Origin.Add($"/account-{(int)status}-{size}", size);
        var number = 0;
        page.Script = _ =>
        {
            var own = Interlocked.Increment(ref number);
            return new OriginAnswer { Size = size, Seed = own, ETag = null, LastModified = null, Status = status is HttpStatusCode.OK ? null : status }
                .WithHeader("Cache-Control", "private")
                .WithHeader("X-Number", own.ToString(CultureInfo.InvariantCulture));
        };
        Node[] nodes = [shared.FrontEnd, .. shared.Members.Select(member => member.Node)];

        var numbers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => ReadAsync(nodes[client % nodes.Length])));

        Assert.Equal(Clients, numbers.Distinct().Count());

        async Task<long> ReadAsync(Node node)
        {
            using var response = await node.Client.GetAsync(page.Path, Now);
            var own = long.Parse(response.Headers.GetValues("X-Number").Single(), CultureInfo.InvariantCulture);
            var body = await response.Content.ReadAsByteArrayAsync(Now);
            Assert.Equal(status, response.StatusCode);
            if (status is HttpStatusCode.OK)
            {
                Assert.Equal(size, body.Length);
                TestData.Verify(own, 0, body);
            }

            return own;
        }
    }
}
