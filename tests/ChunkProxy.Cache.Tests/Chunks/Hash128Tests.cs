using System.Buffers.Binary;
using ChunkProxy.Cache.Chunks;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Chunks;

/// <summary>Against <see cref="UInt128"/>, whose formats are on disks and in Redis.</summary>
public sealed class Hash128Tests
{
    private static readonly Gen<(Hash128 Hash, UInt128 Number)> GenHash =
        Gen.Select(Gen.ULong, Gen.ULong, (high, low) => (new Hash128(high, low), new UInt128(high, low)));

    [Fact]
    public void ToString_IsTheNumberInHexadecimal() => GenHash.Sample(it => Assert.Equal($"{it.Number:x32}", it.Hash.ToString()));

    [Fact]
    public void TryParse_WhatWasWritten_IsEqual() => GenHash.Sample(it =>
    {
        Assert.True(Hash128.TryParse(it.Hash.ToString(), out var hash));
        Assert.Equal(it.Hash, hash);
        Assert.Equal(it.Hash.GetHashCode(), hash.GetHashCode());
    });

    [Theory]
    [InlineData("1", 0, 1)]
    [InlineData("10000000000000000", 1, 0)]
    [InlineData("00000000000000020000000000000003", 2, 3)]
    [InlineData("00000000000000AB00000000000000cd", 0xAB, 0xCD)]
    public void TryParse_HexadecimalDigits_Succeeds(string text, ulong high, ulong low)
    {
        Assert.True(Hash128.TryParse(text, out var hash));
        Assert.Equal(new Hash128(high, low), hash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("g")]
    [InlineData(" 1")]
    [InlineData("-1")]
    [InlineData("x0000000000000020000000000000003")]
    [InlineData("0000000000000002000000000000000x")]
    [InlineData("000000000000000200000000000000030")]
    public void TryParse_AnythingElse_Fails(string text)
    {
        Assert.False(Hash128.TryParse(text, out var hash));
        Assert.Equal(default, hash);
    }

    [Fact]
    public void WriteLittleEndian_IsTheNumberInLittleEndian() => GenHash.Sample(it =>
    {
        var (bytes, expected) = (new byte[16], new byte[16]);
        BinaryPrimitives.WriteUInt128LittleEndian(expected, it.Number);

        it.Hash.WriteLittleEndian(bytes);

        Assert.Equal(expected, bytes);
        Assert.Equal(it.Hash, Hash128.ReadLittleEndian(bytes));
    });

    [Fact]
    public void ReadBigEndian_IsTheNumberInBigEndian() => GenHash.Sample(it =>
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, it.Number);

        Assert.Equal(it.Hash, Hash128.ReadBigEndian(bytes));
    });
}
