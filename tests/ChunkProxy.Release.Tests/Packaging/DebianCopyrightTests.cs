using ChunkProxy.Packaging;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Release.Tests.Packaging;

public sealed class DebianCopyrightTests
{
    [Fact]
    public async Task Of_ShippedNotices_ReferToDebiansTextAndKeepTheRest()
    {
        var notices = await File.ReadAllTextAsync(Path.Combine(ProductBuild.Root, "THIRD-PARTY-NOTICES"), TestContext.Current.CancellationToken);

        var copyright = DebianCopyright.Of(["Before", notices, "After"]);

        Assert.Contains("/usr/share/common-licenses/Apache-2.0", copyright, StringComparison.Ordinal);
        Assert.DoesNotContain("TERMS AND CONDITIONS FOR USE", copyright, StringComparison.Ordinal);
        Assert.StartsWith("Before\n\nChunkProxy is shipped", copyright, StringComparison.Ordinal);
        Assert.EndsWith("\n\nAfter", copyright, StringComparison.Ordinal);
        Assert.Contains("StackExchange.Redis", copyright, StringComparison.Ordinal);
        Assert.Contains("THE SOFTWARE IS PROVIDED \"AS IS\"", copyright, StringComparison.Ordinal);
    }
}
