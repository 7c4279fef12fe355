using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Security;

public sealed class TrustedAuthoritiesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("no certificate")]
    [InlineData(null)]
    public async Task CanBeRead_FileWithoutCertificates_IsRefused(string? content)
    {
        var file = _folder.Combine("authority.pem");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, Stop);
        }

        Assert.False(TrustedAuthorities.CanBeRead(file));
    }
}
