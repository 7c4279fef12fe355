using ChunkProxy.Cache.Security;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Security;

public sealed class MacTextTests
{
    [Fact]
    public void Add_OtherValues_OtherBytes() =>
        Gen.Select(Gen.String.Array[0, 5], Gen.String.Array[0, 5]).Sample((one, other) =>
            Assert.Equal(one.SequenceEqual(other), BytesOf(one).SequenceEqual(BytesOf(other))));

    [Fact]
    public void Add_NullOrEmptyOrSplitElsewhere_OtherBytes()
    {
        Assert.NotEqual(BytesOf([null]), BytesOf([""]));
        Assert.NotEqual(BytesOf(["ab", "c"]), BytesOf(["a", "bc"]));
    }

    [Fact]
    public void Add_MoreThanTheInitialRoom_KeepsAll()
    {
        var text = new MacText(stackalloc byte[8]);
        try
        {
            text.Add(new string('x', 100_000));
            text.Add(7);
            text.Add(new byte[5000]);

            Assert.Equal(4 + 100_000 + 8 + 4 + 5000, text.Written.Length);
            Assert.Equal((byte)'x', text.Written[100_003]);
        }
        finally
        {
            text.Dispose();
        }
    }

    private static byte[] BytesOf(string?[] values)
    {
        var text = new MacText(stackalloc byte[16]);
        try
        {
            foreach (var value in values)
            {
                text.Add(value);
            }

            return text.Written.ToArray();
        }
        finally
        {
            text.Dispose();
        }
    }
}
