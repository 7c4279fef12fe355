using System.Net;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.PrivateOrigins;

/// <summary>A node in front of Azure Blob Storage, as Azurite emulates it: with tokens of a managed identity, with a shared access signature, and with a token in a file.</summary>
public sealed class AzuriteTests(AzuriteServer azurite, AzuriteNodes nodes) : IClassFixture<AzuriteServer>, IClassFixture<AzuriteNodes>, IDisposable
{
    private const int Size = (2 * OneNode.MiB) + 77;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Default")]
    [InlineData("ManagedIdentity")]
    public async Task Get_ManagedIdentity_EveryByteIsReadWithOneToken(string kind)
    {
        AzuriteServer.SkipUnlessThere();
        await azurite.AddAsync($"a%20film%20{kind}.mp4", seed: 1, Size);
        var (node, identity) = await nodes.WithIdentityAsync(azurite, kind, Now);

        using (var part = new HttpRequestMessage(HttpMethod.Get, $"a%20film%20{kind}.mp4?comp=list") { Headers = { Range = new(OneNode.MiB - 5, OneNode.MiB + 5) } })
        using (var answer = await node.Client.SendAsync(part, Now)) // the client's query is not sent
        {
            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            Assert.Equal(TestData.Bytes(seed: 1, OneNode.MiB - 5, 11), await answer.Content.ReadAsByteArrayAsync(Now));
        }

        await VerifyAsync(node, $"a%20film%20{kind}.mp4", seed: 1);
        using var missing = await node.GetAsync("nosuch.mp4", Now);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        Assert.Contains("resource=https", Uri.UnescapeDataString(Assert.Single(identity.Asked)), StringComparison.Ordinal);
        var stats = await node.Client.GetStringAsync("_chunkproxy/stats", Now);
        var token = Assert.Single(identity.Tokens);
        Assert.All([node.Output, stats], text => Assert.DoesNotContain(token[..30], text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_NoIdentity_Is502AndTheLogSaysWhy()
    {
        AzuriteServer.SkipUnlessThere();
        await azurite.AddAsync("b.mp4", seed: 2, Size);
        await using var identity = await IdentityServer.StartAsync();
        identity.Fails = true;
        await using var node = await StartAsync(identity, ("OriginAccess:AzureIdentity", "ManagedIdentity"));

        using (var refused = await node.GetAsync("b.mp4", Now))
        {
            Assert.Equal(HttpStatusCode.BadGateway, refused.StatusCode);
        }

        await node.WhenLineAsync(static line => line.Contains("No token for the object store (OriginAccess:AzureIdentity)", StringComparison.Ordinal), "the reason", Now);
    }

    [Fact]
    public async Task Get_SharedAccessSignatureInAFile_IsReadAndReplaced()
    {
        AzuriteServer.SkipUnlessThere();
        await azurite.AddAsync("c.mp4", seed: 3, Size);
        await azurite.AddAsync("d.mp4", seed: 4, Size);
        var file = _folder.Combine("sas");
        await File.WriteAllTextAsync(file, "sv=2020-12-06&sr=c&sp=r&se=2020-01-01T00%3A00%3A00Z&sig=bm8%3D\n", Now); // an expired one
        await using var node = await StartAsync(identity: null, ("OriginAccess:QueryFile", file), ("OriginAccess:RereadAfter", "00:00:01"));
        using (var refused = await node.GetAsync("c.mp4", Now))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.DoesNotContain("bm8", await refused.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, AzuriteServer.SharedAccessSignature(), Now);
        await WhenServedAsync(node, "c.mp4");

        await VerifyAsync(node, "c.mp4", seed: 3);
        await VerifyAsync(node, "d.mp4", seed: 4);
        await VerifySdkAsync(node, isLoaded: false);
    }

    [Fact]
    public async Task Get_TokenInAFile_IsRead()
    {
        AzuriteServer.SkipUnlessThere();
        await azurite.AddAsync("e.mp4", seed: 5, Size);
        var node = await nodes.WithTokenAsync(azurite, Now);

        await VerifyAsync(node, "e.mp4", seed: 5);
    }

    [Fact]
    public async Task Get_WithoutCredentials_IsRefused()
    {
        AzuriteServer.SkipUnlessThere();
        await azurite.AddAsync("f.mp4", seed: 6, Size);
        await using var node = await StartAsync(identity: null);

        using var refused = await node.GetAsync("f.mp4", Now);

        Assert.True(refused.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, refused.StatusCode.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_Origin_AzureSdkIsLoadedOnlyIfItIsUsed(bool isUsed)
    {
        AzuriteServer.SkipUnlessThere();
        await azurite.AddAsync("g.mp4", seed: 7, 1000);
        var node = isUsed ? (await nodes.WithIdentityAsync(azurite, "Default", Now)).Node : await nodes.WithTokenAsync(azurite, Now);
        using var answer = await node.GetAsync("g.mp4", Now);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await VerifySdkAsync(node, isUsed);
    }

    private static async Task VerifySdkAsync(Node node, bool isLoaded)
    {
        var maps = await File.ReadAllTextAsync($"/proc/{node.ProcessId}/maps", Now);
        Assert.Equal(isLoaded, maps.Contains("/Azure.Core.dll", StringComparison.Ordinal));
        Assert.Equal(isLoaded, maps.Contains("/Microsoft.Identity.Client.dll", StringComparison.Ordinal));
        Assert.DoesNotContain("/AWSSDK.Core.dll", maps, StringComparison.Ordinal);
    }

    private static async Task VerifyAsync(Node node, string target, long seed)
    {
        using var response = await node.GetAsync(target, Now);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await TestData.VerifyAsync(seed, 0, Size, await response.Content.ReadAsStreamAsync(Now), Now);
    }

    // The file is read again for the first request after a second. Each refusal is one more question.
    private static async Task WhenServedAsync(Node node, string target)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Now);
        limit.CancelAfter(Testing.Signals.Patience.Limit);
        while (true)
        {
            using var answer = await node.GetAsync(target, limit.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private Task<Node> StartAsync(IdentityServer? identity, params (string Key, string Value)[] settings) => AzuriteNodes.StartAsync(azurite, identity, Now, settings);
}
