using System.Text;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Access;

/// <summary>Signed URLs and address lists on a real server.</summary>
public sealed class AccessTests
{
    private const string Key = "the key of the site, as a file has it";

    [Fact]
    public async Task Get_SignedUrl_IsServedAndAskedForWithoutTheSignature()
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(folder, Key);

        var answer = await host.SendAsync("GET", "/film?" + Sign("/film") + "&v=1");

        Assert.Equal(200, answer.Status);
        Assert.Equal("/film?v=1", host.Reader.Finds.Single().Path);
    }

    [Theory]
    [InlineData("GET", "/film?v=1")]
    [InlineData("HEAD", "/film?v=1")]
    [InlineData("OPTIONS", "/film?v=1")]
    [InlineData("GET", "/film?v=1&cp-expires=1&cp-signature=x")]
    public async Task Any_UrlIsNotSigned_Is403WithoutTheReason(string method, string target)
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(folder, Key);

        var answer = await host.SendAsync(method, target);

        Assert.Equal(403, answer.Status);
        Assert.Equal(method == "HEAD" ? "" : "403 Forbidden: Access is denied.\n", Encoding.UTF8.GetString(answer.Body));
        Assert.Empty(host.Reader.Finds);
    }

    [Fact]
    public async Task Get_SignatureExpires_Is403ThoughTheUrlWasServedBefore()
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(folder, Key);
        var target = "/film?v=1&" + Sign("/film");
        Assert.Equal(200, (await host.SendAsync("GET", target)).Status);

        host.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(403, (await host.SendAsync("GET", target)).Status);
    }

    [Fact]
    public async Task Get_KeyIsReplaced_TheOldUrlIsRefusedOnlyAfterItsKeyIsGone()
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(folder, Key);
        var target = "/film?v=1&" + Sign("/film");

        await ReplaceAsync("another key of the site\n" + Key);
        Assert.Equal(200, (await host.SendAsync("GET", target)).Status);

        await ReplaceAsync("another key of the site");
        Assert.Equal(403, (await host.SendAsync("GET", target)).Status);

        Task ReplaceAsync(string keys)
        {
            host.Time.Advance(TimeSpan.FromSeconds(5));
            return File.WriteAllTextAsync(folder.Combine("keys"), keys, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("127.0.0.0/8", null, 200)]
    [InlineData("10.0.0.0/8", null, 403)]
    [InlineData(null, "127.0.0.1", 403)]
    public async Task Get_AddressLists_Decide(string? allow, string? deny, int status)
    {
        await using var host = await FrontEndHost.StartAsync(replace: services => services.Configure<AccessOptions>(options => (options.Allow, options.Deny) = (allow, deny)));
        host.Reader.Add(FakeObject.Film(1000, 1000));

        Assert.Equal(status, (await host.SendAsync("GET", "/film")).Status);
    }

    private static async Task<FrontEndHost> StartAsync(TemporaryFolder folder, string keys)
    {
        await File.WriteAllTextAsync(folder.Combine("keys"), keys, TestContext.Current.CancellationToken);
        var host = await FrontEndHost.StartAsync(replace: services => services.Configure<AccessOptions>(options => options.UrlKeyFile = folder.Combine("keys")));
        host.Reader.Add(FakeObject.Film(1000, 1000, path: "/film?v=1"));
        return host;
    }

    private static string Sign(string path) =>
        UrlSignature.Sign(UrlKeys.Parse(Key), path, isPrefix: false, (FrontEndHost.Start + TimeSpan.FromHours(1)).ToUnixTimeSeconds());
}
