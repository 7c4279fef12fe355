using ChunkProxy.Cache.Security;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Security;

public sealed class BlockTagsTests
{
    private readonly MacKey _key = new SharedSecret("a secret of the cluster").KeyFor(KeyPurpose.Body);

    [Fact]
    public void Accepts_AnotherByteTagNumberOrBody_Not() =>
        Gen.Select(Gen.Byte.Array[1, 3000], Gen.Int[0, 1000], Gen.Int[0, 2999]).Sample((bytes, block, at) =>
        {
            using var tags = _key.TagsFor("one body"u8);
            using var others = _key.TagsFor("another body"u8);
            var tag = new byte[BlockTags.Size];
            tags.Compute(block, bytes, tag);

            Assert.True(tags.Accepts(block, bytes, tag));
            Assert.False(tags.Accepts(block + 1, bytes, tag));
            Assert.False(others.Accepts(block, bytes, tag));
            bytes[at % bytes.Length] ^= 1;
            Assert.False(tags.Accepts(block, bytes, tag));
            bytes[at % bytes.Length] ^= 1;
            tag[at % tag.Length] ^= 1;
            Assert.False(tags.Accepts(block, bytes, tag));
        });
}
